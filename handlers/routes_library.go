package handlers

// assignmentRoutes are what was given, as its counselor reads, releases, fills
// and prints it.
func (s *server) assignmentRoutes() []route {
	return []route{
		{
			"GET", "/assignments/:assignment", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.readAssignment,
		},
		{
			"POST", "/assignments/:assignment/read", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.markRead,
		},
		{
			"POST", "/assignments/:assignment/sharing",
			counselor.mayRead(coupleMaterials, pageMaterials).needsReauthentication(), s.decideSharing,
		},
		{
			"POST", "/assignments/:assignment/active", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.activate,
		},
		{
			"POST", "/assignments/:assignment/agreement", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.turnAgreement,
		},
		{
			"POST", "/assignments/:assignment/close", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.closeJoint,
		},
		{
			"GET", "/assignments/:assignment/earlier", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.showEarlier,
		},
		{
			"POST", "/assignments/:assignment/comments", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.comment,
		},
		{
			"GET", "/assignments/:assignment/answers",
			counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials).needsReauthentication().isDownload(),
			s.exportAnswers,
		},
		{
			"GET", "/assignments/:assignment/blank", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.printBlank,
		},
		{
			"GET", "/assignments/:assignment/handed", counselor.mayRead(coupleMaterials, pageMaterials).needsReauthentication(),
			s.showHanded,
		},
		{"POST", "/assignments/:assignment/handed", counselor.mayRead(coupleMaterials, pageMaterials), s.saveHanded},
		{"GET", "/assignments/:assignment/paper", counselor.mayRead(coupleMaterials, pageMaterials), s.showPaper},
		{"POST", "/assignments/:assignment/paper", counselor.mayRead(coupleMaterials, pageMaterials), s.savePaper},
		{"POST", "/assignments/:assignment/open", counselor.mayRead(coupleMaterials), s.openNow},
		{
			"POST", "/assignments/:assignment/withdraw", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.withdraw,
		},
		{
			"GET", "/assignments/:assignment/form",
			counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials).needsReauthentication(), s.showForm,
		},
		{
			"GET", "/assignments/:assignment/handover",
			counselor.isHandover().mayRead(coupleMaterials, pageMaterials, fileMaterials).needsReauthentication(),
			s.showHandover,
		},
		{
			"POST", "/assignments/:assignment/handover",
			counselor.isHandover().mayRead(coupleMaterials, pageMaterials, fileMaterials), s.saveHandover,
		},
		{
			"PUT", "/assignments/:assignment/handover/fields/:field",
			counselor.isHandover().mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.saveHandoverField,
		},
		{
			"POST", "/assignments/:assignment/wrong-person",
			counselor.mayRead(coupleMaterials, pageMaterials).needsReauthentication(), s.setAside,
		},
		{
			"POST", "/assignments/:assignment/form", counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials),
			s.saveForm,
		},
		{
			"PUT", "/assignments/:assignment/form/fields/:field",
			counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials), s.saveFormField,
		},
	}
}

// libraryRoutes are the worksheets that can be given.
func (s *server) libraryRoutes() []route {
	return []route{
		{"GET", "/library", counselor.mayRead(), s.showLibrary},
		{"GET", "/library/pathways", counselor.mayRead(), s.showPathways},
		{"POST", "/library/pathways", counselor.mayRead(), s.savePathway},
		{"GET", "/library/pathways/:pathway", counselor.mayRead(), s.showPathway},
		{"POST", "/library/pathways/:pathway", counselor.mayRead(), s.savePathway},
		{"GET", "/library/pathways/:pathway/booklet", counselor.mayRead(), s.printPathway},
		{"POST", "/library/pathways/:pathway/retire", counselor.mayRead(), s.retirePathway},
		{"POST", "/library/own", counselor.mayRead(), s.makeOwn},
		{"GET", "/library/own/:own", counselor.mayRead(), s.showOwn},
		{"POST", "/library/own/:own", counselor.mayRead(), s.saveOwn},
		{"PUT", "/library/own/:own/fields/:field", counselor.mayRead(), s.saveOwnDraft},
		{"POST", "/library/own/:own/retire", counselor.mayRead(), s.retireOwn},
		{"GET", "/library/import", counselor.mayRead(), s.showImport},
		{"POST", "/library/import", counselor.mayRead(), s.bringIn},
		{"GET", "/library/:worksheet", counselor.mayRead(), s.showWorksheet},
	}
}
