package handlers

// assignmentRoutes are what was given, as its counselor reads, releases, fills
// and prints it.
func (s *server) assignmentRoutes() []route {
	reads := counselor.mayRead(coupleMaterials, pageMaterials, fileMaterials)
	readsPages := counselor.mayRead(coupleMaterials, pageMaterials)
	return []route{
		{"GET", "/assignments/:assignment", reads, s.readAssignment},
		{"POST", "/assignments/:assignment/read", reads, s.markRead},
		{"POST", "/assignments/:assignment/sharing", readsPages.needsReauthentication(), s.decideSharing},
		{"POST", "/assignments/:assignment/active", reads, s.activate},
		{"POST", "/assignments/:assignment/agreement", reads, s.turnAgreement},
		{"POST", "/assignments/:assignment/close", reads, s.closeJoint},
		{"GET", "/assignments/:assignment/earlier", reads, s.showEarlier},
		{"POST", "/assignments/:assignment/comments", reads, s.comment},
		{"GET", "/assignments/:assignment/answers", reads.needsReauthentication().isDownload(), s.exportAnswers},
		{"GET", "/assignments/:assignment/blank", reads, s.printBlank},
		{"GET", "/assignments/:assignment/handed", readsPages.needsReauthentication(), s.showHanded},
		{"POST", "/assignments/:assignment/handed", readsPages, s.saveHanded},
		{"GET", "/assignments/:assignment/paper", readsPages, s.showPaper},
		{"POST", "/assignments/:assignment/paper", readsPages, s.savePaper},
		{"POST", "/assignments/:assignment/open", counselor.mayRead(coupleMaterials), s.openNow},
		{"POST", "/assignments/:assignment/withdraw", reads, s.withdraw},
		{"GET", "/assignments/:assignment/form", reads.needsReauthentication(), s.showForm},
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
		{"POST", "/assignments/:assignment/wrong-person", readsPages.needsReauthentication(), s.setAside},
		{"POST", "/assignments/:assignment/form", reads, s.saveForm},
		{"PUT", "/assignments/:assignment/form/fields/:field", reads, s.saveFormField},
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
