package pdf

// What the tests of sheets of other packages use.
var (
	CorpusTexts      = corpusTexts
	MissingClusters  = missingClusters
	PageLines        = pageLines
	WithMachineFonts = withMachineFonts
	IsNamed          = isNamed
	Misordered       = misordered
)
