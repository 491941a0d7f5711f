import Ledger
import Primitives

/// The words of certificate pages in English.
struct EnglishWords: CertificateWords {
  var title: Phrase { "Certificate of a final transaction" }
  var programs: Phrase { "With two programs" }
  var byHand: Phrase { "By hand" }
  var noRoles: Phrase { "none" }
  var failed: Phrase { "This operation failed." }
  var comma: Phrase { ", " }

  func status(isApplied: Bool) -> Phrase { isApplied ? "Applied" : "Not applied" }

  func heading(_ section: CertificateSection, isApplied: Bool) -> Phrase {
    switch section {
    case .operations: isApplied ? "What was agreed" : "What was asked for, but not applied"
    case .signatures: "Who signed the transaction"
    case .place: "When, and where in the chain"
    case .confirmation: "Which validators confirmed it"
    case .epochs: "How the validators follow from the genesis file"
    case .digests: "The digests"
    case .verification: "How to verify this page"
    case .about: "What this page is"
    }
  }

  func text(_ text: LedgerText) -> Phrase {
    switch (text.shown, text.hex) {
    case (let shown?, nil): "\(quote: shown)"
    case (let shown?, let hex?):
      "\(quote: shown), with \(code: "U+FFFD") for each invisible character; its bytes are \(code: hex)"
    case (nil, let hex): "bytes that are no text: \(code: hex ?? "")"
    }
  }

  func outcome(_ code: OutcomeCode) -> Phrase {
    "\(status(isApplied: code == .applied)) [\(code: code.code)]: \(explanation(code))"
  }

  func explanation(_ code: OutcomeCode) -> Phrase { "\(words: code.explanation)" }

  func meaning(_ parameter: ChainParameter) -> Phrase { "\(words: parameter.meaning)" }

  func role(_ name: String) -> Phrase { "\(code: name)" }

  func position(_ index: Int, of count: Int) -> Phrase {
    "number \(value: index + 1) of \(value: count) (index \(value: index))"
  }

  func vote(isSigned: Bool) -> Phrase { isSigned ? "yes" : "no" }

  func share(_ signed: Int, ofQuorum quorum: Int) -> Phrase { "\(value: signed) of \(value: quorum)" }

  func section(_ number: Int, of document: String) -> Phrase { " (\(code: document), section \(value: number))" }

  func count(_ number: Int, _ one: String, _ several: String) -> Phrase {
    "\(value: number) \(words: number == 1 ? one : several)"
  }
}
