package mend

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// promising are the turns of phrase with which a page says what will happen to
// what somebody writes, or where something stands.
var promising = regexp.MustCompile(`(?i)carr(?:ies|ied) over|(?:is|are) (?:never |not |only )?shown|` +
	`nobody (?:is told|but)|\b(?:(?:is|are) not|won’t be) told|at the (?:top|foot|bottom)|numbers below|never (?:shown|shared|told)|stays with|(?:does|do) not see|sees this as|shared below`)

// kept names for each promise that a partner reads the test that fails when it
// is broken. A person reads this list.
var kept = map[string]string{
	"Nothing is lost. What you typed is shown beside each question as another version; restore it if you want to keep " +
		"it.": "TestTheLosingTextStandsBesideTheFieldForItsAuthorAlone",
	"This page is not watched around the clock. If you are in danger now, use the numbers below.": "TestTheHelpNumbersStandBesideTheQuestionAboutDanger",
	"Mend is not monitored around the clock. Your counselor reads what you write during their working hours. In an " +
		"emergency, use the numbers below.": "TestEveryPageThatAPartnerMaySeeHasThePublicFrameAroundIt",
	"Your counselor reads your answers by %s. If you need somebody sooner, use the numbers at the foot of this page.": "TestAPageThatCannotWaitSaysWhenItIsRead",
	"Your counselor sees this as “not to be discussed” while a session runs.":                                         "TestWhatSomebodyDoesNotWantToKnowIsTheCounselorsUntilItIsReleased",
	"The policy text is shown above this page.":                                                                       "TestNoPrivatePageOpensBeforeItsReaderSigned",
	"Either of us can pause this agreement at any time, for as long as we like. No reason is needed, and nobody is told " +
		"who did.": "TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone",
	"Either of you can pause it at any time, without a reason. Nobody is told who did.": "TestTheOpennessAgreementStaysClosedUntilBothWereSpokenToAlone",
	"The chart is shown only if both of you say yes.":                                   "TestThePulseIsEachOnesOwnUntilBothSayYes",
	"Nothing is shared unless you say yes and your counselor agrees. If you say yes, %s would see exactly this and " +
		"nothing else:": "TestTwoReleasedPagesStandSideBySideWithNothingThatWasKept",
	"Only you and your counselor read this page. Your partner does not see it.":                                        "TestNoPrivateOrLockedPageCanEverBeShared",
	"Please do this on your own. Your partner is asked the same thing separately and can’t see whether you’ve signed.": "TestNothingThatOnePartnerDoesChangesWhatTheOtherReceives",
	"You and your counselor read this; %s reads what is shown as shared below.":                                        "TestReadingWhatIsPrivateIsRecordedAndShownToWhomItBelongs",
	"You said not now. Only your counselor reads it.":                                                                  "TestEverybodyReachesJustTheWordsThatThePolicyGivesThem",
	"Each code signs you in once if you lose your authenticator app or passkey. They are shown only now: print them or " +
		"write them down, and keep them where no one else looks.": "TestWhereASecondFactorIsDemandedNothingElseOpensBefore",
	"Your partner isn’t told what you choose here.":                                                     "TestEachPartnerChoosesAloneToBeAskedAboutTrustAfterCounseling",
	"You can withdraw at any time. Your counselor will see it; your partner won’t be told.":             "TestADeclinedOrWithdrawnFormIsSeenByTheCounselorAlone",
	"You can decline. Your counselor will see it and talk with you; your partner won’t be told.":        "TestADeclinedOrWithdrawnFormIsSeenByTheCounselorAlone",
	"Please do this on your own. Your partner can’t see what you choose.":                               "TestADeclinedOrWithdrawnFormIsSeenByTheCounselorAlone",
	"You can say so whether or not you sign. Only your counselor reads it; your partner won’t be told.": "TestAPlanIsSignedAndSeenDifferentlyAlone",
	"Your partner won’t be told.": "TestNothingThatOnePartnerDoesChangesWhatTheOtherReceives",
	"Your partner isn’t told. Shared session screens are in English unless you both choose the same language.": "TestNothingThatOnePartnerDoesChangesWhatTheOtherReceives",
}

// TestEveryPromiseToAPartnerIsKeptByATest reads all that partners can read: a
// sentence that promises something stands in the list, and its test is there.
func TestEveryPromiseToAPartnerIsKeptByATest(t *testing.T) {
	sentences := partnerSentences(t)
	names := testNames(t)
	for _, sentence := range sentences {
		if !promising.MatchString(sentence) {
			continue
		}
		test, there := kept[sentence]
		switch {
		case there && !names[test]:
			t.Errorf("%q is kept by %s, which is not there", sentence, test)
		case !there:
			t.Errorf("nothing keeps %q", sentence)
		}
	}
	for sentence := range kept {
		if !slices.Contains(sentences, sentence) {
			t.Errorf("nobody is promised %q any more", sentence)
		}
	}
}

var (
	catalogueText = regexp.MustCompile(`(?:label|help|opening|purpose): "((?:[^"\\]|\\.)*)"`)
	interfaceText = regexp.MustCompile(`(?m)^[a-z0-9_.]+: "((?:[^"\\]|\\.)*)"$`)
)

// partnerSentences returns the English of the worksheets and of the partners' pages.
func partnerSentences(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, file := range partnersWorksheets(t) {
		found = append(found, collected(t, file, catalogueText)...)
	}
	return append(found, collected(t, "internal/i18n/en.yaml", interfaceText)...)
}

// partnersWorksheets returns the files of the worksheets that partners are given.
func partnersWorksheets(t *testing.T) (files []string) {
	t.Helper()
	all, err := filepath.Glob("worksheets/catalogue/en/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range all {
		if len(collected(t, file, regexp.MustCompile(`(?m)^portal: (true)$`))) > 0 {
			files = append(files, file)
		}
	}
	return files
}

// testNames returns the names of all tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out, err := exec.Command("grep", "-rhoE", "^func Test[A-Za-z0-9]+", "--include=*_test.go", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		names[strings.TrimPrefix(strings.TrimSpace(line), "func ")] = true
	}
	return names
}
