public import Primitives

/// Some of the transactions of one block, which cannot be applied again. The state remembers, proves and forgets them
/// as one entry.
///
/// A block's transactions are sorted and cut into groups of `Limits.rememberedGroup`, of which the last may be
/// shorter. A transaction that is valid for long therefore keeps only the others of its group.
public struct RememberedGroup: Hashable, Sendable {
  /// The height of the block.
  public let height: Height
  /// The number among the block's groups, from 0.
  public let number: UInt16
  /// In ascending order; at least one and at most `Limits.rememberedGroup`.
  public let identities: [RememberedIdentity]

  package init(height: Height, number: UInt16, identities: [RememberedIdentity]) {
    self.height = height
    self.number = number
    self.identities = identities
  }

  /// The time after which the last transaction of the group is no longer valid.
  var end: Timestamp { identities.last?.validUntil ?? Timestamp(0) }

  /// The groups of a block's transactions.
  static func groups(of layouts: [TransactionLayout], height: Height) -> [RememberedGroup] {
    let identities = layouts.map { RememberedIdentity(id: $0.id, validUntil: $0.validUntil) }.sorted()
    let size = Limits.rememberedGroup
    return stride(from: 0, to: identities.count, by: size).map { start in
      RememberedGroup(
        height: height, number: UInt16(start / size),
        identities: Array(identities[start..<min(start + size, identities.count)]))
    }
  }

  /// Writes the number of transactions, then the id and `validUntil` of each.
  func encode(into writer: inout Writer) {
    writer.byte(UInt8(identities.count))
    for identity in identities {
      writer.digest(identity.id)
      writer.integer(identity.validUntil.rawValue)
    }
  }

  init(height: Height, number: UInt16, from reader: inout Reader) throws(CodecError) {
    let count = try reader.byte()
    guard count > 0 else { throw .invalid(field: "remembered transactions (must not be none)") }
    guard count <= Limits.rememberedGroup else {
      throw .tooLong(field: "remembered transactions", value: UInt64(count), limit: UInt64(Limits.rememberedGroup))
    }
    var identities: [RememberedIdentity] = []
    identities.reserveCapacity(Int(count))
    for _ in 0..<count {
      let identity = RememberedIdentity(id: try reader.digest(), validUntil: Timestamp(try reader.integer()))
      if let last = identities.last, last >= identity { throw .invalid(field: "remembered transactions (must ascend)") }
      identities.append(identity)
    }
    self.init(height: height, number: number, identities: identities)
  }
}
