import Ledger
import LedgerJSON

/// All words of certificate pages in one language. Whatever has cases is a switch over all of them, so that the words of a
/// new case cannot be forgotten; what is a value stays the same in every language.
protocol CertificateWords: Sendable {
  var title: Phrase { get }
  func status(isApplied: Bool) -> Phrase
  func heading(_ section: CertificateSection, isApplied: Bool) -> Phrase
  func label(_ label: CertificateLabel) -> Phrase
  func remark(_ remark: CertificateRemark) -> Phrase
  func step(_ step: CertificateStep) -> Phrase
  /// The headings of the parts of the section on verification.
  var programs: Phrase { get }
  var byHand: Phrase { get }

  func sentence(_ operation: RenderedOperation) -> Phrase
  func explanation(_ code: OutcomeCode) -> Phrase
  func meaning(_ parameter: ChainParameter) -> Phrase
  /// The role of this name in JSON.
  func role(_ name: String) -> Phrase
  var noRoles: Phrase { get }
  /// Said of the operation because of which a transaction was not applied.
  var failed: Phrase { get }

  func text(_ text: LedgerText) -> Phrase
  /// The outcome in one line: whether the transaction was applied, the code, and why.
  func outcome(_ code: OutcomeCode) -> Phrase
  /// A place in a list, counted from 1 by people and from 0 by the formats.
  func position(_ index: Int, of count: Int) -> Phrase
  func vote(isSigned: Bool) -> Phrase
  func share(_ signed: Int, ofQuorum quorum: Int) -> Phrase
  /// A reference to a section of a document, in parentheses at the end of a sentence.
  func section(_ number: Int, of document: String) -> Phrase
  var comma: Phrase { get }
}

extension CertificateWords {
  func list(_ phrases: [Phrase]) -> Phrase { phrases.joined(by: comma) }
}
