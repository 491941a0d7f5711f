internal import Primitives

/// When a validator's member last changed its vote key without the administrators. The row stays when the validator is
/// removed, but then has no entry in the state.
struct KeyChangeRow: StateRow {
  let validator: Name
  /// The time of the block.
  var time: Timestamp?

  var key: Name { validator }

  func entry(in state: borrowing LedgerState) -> StateEntry? { time.map { .keyChange(validator, time: $0) } }

  static func tookBack(_ slot: UInt32, _ row: Self, _ old: Self?, _ derived: inout DerivedIndexes) {}
}
