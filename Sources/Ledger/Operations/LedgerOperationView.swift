internal import Primitives

/// What every kind of operation has in the form that is executed. `OperationView` holds one of them, in a case of the
/// same name.
protocol LedgerOperationView: Hashable, Sendable, BitwiseCopyable {
  /// Decodes the fields behind the kind byte, and holds them to the rules of the kind.
  init(from reader: inout Reader) throws(CodecError)

  /// Who must sign, for admission. Execution judges by the state that it finds.
  var requiredAuthority: RequiredAuthority { get }
  /// Whether it can change who may act.
  static var changesAuthority: Bool { get }
  var touched: TouchedEntries { get }

  /// Changes the state, or says why not. The first reason in the order of the checks is the outcome, and outcomes are
  /// hashed: the order is part of the format (Documentation/formats-state.md).
  func apply(to state: inout LedgerState, _ buffer: RawSpan) -> OutcomeCode
}
