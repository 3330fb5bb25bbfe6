package handlers

// assignmentRoutes are what was given, as its counselor reads, releases, fills
// and prints it.
func (s *server) assignmentRoutes() []route {
	return []route{
		{"GET", "/assignments/:assignment", counselor.opening(couple, pages, file), s.readAssignment},
		{"POST", "/assignments/:assignment/read", counselor.opening(couple, pages, file), s.markRead},
		{"POST", "/assignments/:assignment/sharing", counselor.opening(couple, pages).fresh(), s.decideSharing},
		{"POST", "/assignments/:assignment/active", counselor.opening(couple, pages, file), s.activate},
		{"POST", "/assignments/:assignment/agreement", counselor.opening(couple, pages, file), s.turnAgreement},
		{"POST", "/assignments/:assignment/close", counselor.opening(couple, pages, file), s.closeJoint},
		{"GET", "/assignments/:assignment/earlier", counselor.opening(couple, pages, file), s.showEarlier},
		{"POST", "/assignments/:assignment/comments", counselor.opening(couple, pages, file), s.comment},
		{
			"GET", "/assignments/:assignment/answers", counselor.opening(couple, pages, file).fresh().download(),
			s.exportAnswers,
		},
		{"GET", "/assignments/:assignment/blank", counselor.opening(couple, pages, file), s.printBlank},
		{"GET", "/assignments/:assignment/handed", counselor.opening(couple, pages).fresh(), s.showHanded},
		{"POST", "/assignments/:assignment/handed", counselor.opening(couple, pages), s.saveHanded},
		{"GET", "/assignments/:assignment/paper", counselor.opening(couple, pages), s.showPaper},
		{"POST", "/assignments/:assignment/paper", counselor.opening(couple, pages), s.savePaper},
		{"POST", "/assignments/:assignment/open", counselor.opening(couple), s.openNow},
		{"POST", "/assignments/:assignment/withdraw", counselor.opening(couple, pages, file), s.withdraw},
		{"GET", "/assignments/:assignment/form", counselor.opening(couple, pages, file).fresh(), s.showForm},
		{
			"GET", "/assignments/:assignment/handover", counselor.handover().opening(couple, pages, file).fresh(),
			s.showHandover,
		},
		{"POST", "/assignments/:assignment/handover", counselor.handover().opening(couple, pages, file), s.saveHandover},
		{
			"PUT", "/assignments/:assignment/handover/fields/:field", counselor.handover().opening(couple, pages, file),
			s.saveHandoverField,
		},
		{"POST", "/assignments/:assignment/wrong-person", counselor.opening(couple, pages).fresh(), s.setAside},
		{"POST", "/assignments/:assignment/form", counselor.opening(couple, pages, file), s.saveForm},
		{"PUT", "/assignments/:assignment/form/fields/:field", counselor.opening(couple, pages, file), s.saveFormField},
	}
}

// libraryRoutes are the worksheets that can be given.
func (s *server) libraryRoutes() []route {
	return []route{
		{"GET", "/library", counselor.opening(), s.showLibrary},
		{"GET", "/library/pathways", counselor.opening(), s.showPathways},
		{"POST", "/library/pathways", counselor.opening(), s.savePathway},
		{"GET", "/library/pathways/:pathway", counselor.opening(), s.showPathway},
		{"POST", "/library/pathways/:pathway", counselor.opening(), s.savePathway},
		{"GET", "/library/pathways/:pathway/booklet", counselor.opening(), s.printPathway},
		{"POST", "/library/pathways/:pathway/retire", counselor.opening(), s.retirePathway},
		{"POST", "/library/own", counselor.opening(), s.makeOwn},
		{"GET", "/library/own/:own", counselor.opening(), s.showOwn},
		{"POST", "/library/own/:own", counselor.opening(), s.saveOwn},
		{"PUT", "/library/own/:own/fields/:field", counselor.opening(), s.saveOwnDraft},
		{"POST", "/library/own/:own/retire", counselor.opening(), s.retireOwn},
		{"GET", "/library/import", counselor.opening(), s.showImport},
		{"POST", "/library/import", counselor.opening(), s.bringIn},
		{"GET", "/library/:worksheet", counselor.opening(), s.showWorksheet},
	}
}
