public import Primitives

/// Units that a payer set aside for a payee, as recorded in the state while the hold is open.
public struct Hold: Hashable, Sendable {
  /// The payer's account.
  public let from: AccountName
  public let reference: HoldReference
  /// The payee's account.
  public var to: AccountName
  public var asset: Name
  /// What is still held; not zero.
  public var amount: Amount
  /// From this time of a block on, the payee can no longer capture, and the chain returns what is held.
  public var expires: Timestamp
  /// A member that may capture and release in the payee's place.
  public var arbiter: Name?
  public var placed: HoldNumber

  public init(
    from: AccountName, reference: HoldReference, to: AccountName, asset: Name, amount: Amount, expires: Timestamp,
    arbiter: Name?, placed: HoldNumber
  ) {
    self.from = from
    self.reference = reference
    self.to = to
    self.asset = asset
    self.amount = amount
    self.expires = expires
    self.arbiter = arbiter
    self.placed = placed
  }
}

extension Hold {
  /// Writes the value of the state's entry under payer and reference.
  func encodeValue(into writer: inout Writer) {
    to.encode(into: &writer)
    asset.encode(into: &writer)
    amount.encode(into: &writer)
    writer.integer(expires.rawValue)
    writer.optionalName(arbiter)
    writer.integer(placed.height.rawValue)
    writer.integer(placed.operation)
  }

  init(_ from: AccountName, _ reference: HoldReference, valueFrom reader: inout Reader) throws(CodecError) {
    self.from = from
    self.reference = reference
    to = try AccountName(from: &reader, "to")
    guard to != from else { throw .invalid(field: "to (must differ from the paying account)") }
    asset = try Name(from: &reader, "asset")
    amount = try Amount(positiveFrom: &reader)
    expires = Timestamp(try reader.integer())
    arbiter = try reader.optionalName("arbiter")
    placed = HoldNumber(height: Height(try reader.integer()), operation: try reader.integer())
  }
}

extension Reader {
  /// Reads a flag and, if it is set, a name.
  @inline(__always)
  mutating func optionalName(_ field: StaticText) throws(CodecError) -> Name? {
    try flag(field) ? try Name(from: &self, field) : nil
  }
}

extension Writer {
  mutating func optionalName(_ name: Name?) {
    byte(name == nil ? 0 : 1)
    name?.encode(into: &self)
  }
}
