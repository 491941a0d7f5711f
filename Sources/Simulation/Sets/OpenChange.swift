internal import Ledger
internal import Primitives

/// A change of the validators that the administrators have asked for.
struct OpenChange {
  /// The transaction.
  var id: Digest
  /// The validators if it has its effect.
  var validators: [ConfiguredValidator]
}
