internal import Primitives

/// The requirements on every kind of operation in the form that is executed. `OperationView` holds one operation, in
/// a case of the same name.
protocol LedgerOperationView: Hashable, Sendable, BitwiseCopyable {
  /// Decodes the fields after the kind byte and checks the rules of the kind.
  init(from reader: inout Reader) throws(CodecError)

  /// Who must sign, for admission. Execution checks again, against the state at that time.
  var requiredAuthority: RequiredAuthority { get }
  /// Whether the operation can change who may act.
  static var changesAuthority: Bool { get }
  var touched: TouchedEntries { get }

  /// Changes the state, or returns the reason why it does not. The first failing check gives the outcome, and
  /// outcomes are hashed, so the order of the checks is part of the format (Documentation/formats-state.md).
  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode
}
