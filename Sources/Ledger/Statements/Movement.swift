public import Primitives

/// One change of what an account has of an asset: of what is available, what is held, or both.
public struct Movement: Hashable, Sendable {
  /// What made the change: an operation, under the name of its kind, or the chain.
  public enum Kind: String, CaseIterable, Sendable {
    case issue = "asset.issue"
    case retire = "asset.retire"
    case transfer = "asset.transfer"
    case place = "hold.place"
    case capture = "hold.capture"
    case release = "hold.release"
    /// The chain returned what an expired hold still held. No transaction did.
    case expiry = "hold.expiry"
  }

  public var place: MovementPlace
  public var blockTime: Timestamp
  /// Nil for an expiry.
  public var transaction: Digest?
  public var kind: Kind
  public var asset: Name
  /// The account on the other side; nil if there is none.
  public var counterparty: AccountName?
  /// The reference of the hold, if it is about one.
  public var reference: HoldReference?
  /// The memo of a transfer.
  public var memo: [UInt8]
  public var available: AmountChange
  public var held: AmountChange

  public init(
    place: MovementPlace, blockTime: Timestamp, transaction: Digest?, kind: Kind, asset: Name,
    counterparty: AccountName? = nil, reference: HoldReference? = nil, memo: [UInt8] = [],
    available: AmountChange = .none, held: AmountChange = .none
  ) {
    self.place = place
    self.blockTime = blockTime
    self.transaction = transaction
    self.kind = kind
    self.asset = asset
    self.counterparty = counterparty
    self.reference = reference
    self.memo = memo
    self.available = available
    self.held = held
  }
}
