package pdf

// Used by the tests of sheets in other packages.
var (
	CorpusTexts      = corpusTexts
	MissingClusters  = missingClusters
	PageLines        = pageLines
	WithMachineFonts = withMachineFonts
	IsNamed          = isNamed
	Misordered       = misordered
)
