public import Ledger
public import Primitives

/// One change of what an account has of an asset. `GET /v1/account-movements`.
public struct MovementView: Codable, Hashable, Sendable {
  public var height: Height
  /// The transaction's index in the block; absent, as is `transaction`, for the return of an expired hold, which the chain
  /// makes after the last transaction.
  public var index: Int?
  /// The operation's index in the transaction; of an expired hold, its number among those that the block returned.
  public var operation: Int
  public var blockTime: Timestamp
  public var transaction: Digest?
  public var kind: Movement.Kind
  public var asset: Name
  /// The account on the other side.
  public var counterparty: AccountName?
  /// Of the hold.
  public var reference: HoldReference?
  /// The memo of a transfer as text, or in hexadecimal; neither if it is empty.
  public var memo: String?
  public var memoHex: String?
  /// The change of what is available, scaled by the asset's decimals, with a minus sign if it falls.
  public var available: String
  /// The same in smallest units.
  public var availableUnits: AmountChange
  /// The change of what is held, in both forms; absent if there is none.
  public var held: String?
  public var heldUnits: AmountChange?

  public init(_ movement: Movement, decimals: UInt8) {
    height = movement.place.height
    index = movement.place.index
    operation = movement.place.number
    blockTime = movement.blockTime
    transaction = movement.transaction
    kind = movement.kind
    asset = movement.asset
    counterparty = movement.counterparty
    reference = movement.reference
    let shown = TextOrHex(movement.memo)
    memo = shown.text
    memoHex = shown.hex
    available = movement.available.text(decimals: Int(decimals))
    availableUnits = movement.available
    guard movement.held != .none else { return }
    held = movement.held.text(decimals: Int(decimals))
    heldUnits = movement.held
  }

  /// The movement, whose amounts are in smallest units.
  public var movement: Movement {
    Movement(
      place: MovementPlace(height: height, index: index, number: operation), blockTime: blockTime,
      transaction: transaction, kind: kind, asset: asset, counterparty: counterparty, reference: reference,
      memo: memo.map { Array($0.utf8) } ?? memoHex.flatMap { Hex.decode($0) } ?? [], available: availableUnits,
      held: heldUnits ?? .none)
  }
}

extension Movement.Kind: Codable {}
