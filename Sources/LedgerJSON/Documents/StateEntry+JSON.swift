public import Ledger
internal import Primitives

// Keys and entries of the state as the summaries of proofs show them (Documentation/formats-state.md, section 3). Every
// member is always there, except for empty metadata and the reason of a suspension.

extension StateKey {
  /// The kind of the entry, and the names that the key consists of.
  public var json: JSONValue {
    switch self {
    case .parameters: .object(["kind": .string("parameters")])
    case .member(let name): .object(["kind": .string("member"), "member": .text(name)])
    case .account(let name): .object(["kind": .string("account"), "account": .text(name)])
    case .asset(let name): .object(["kind": .string("asset"), "asset": .text(name)])
    case .balance(let account, let asset):
      .object(["kind": .string("balance"), "account": .text(account), "asset": .text(asset)])
    case .collection(let name): .object(["kind": .string("collection"), "collection": .text(name)])
    case .record(let collection, let key):
      .object(["kind": .string("record"), "collection": .text(collection), "key": .string(key)])
    case .recordVersion(let collection, let key, let version):
      .object([
        "kind": .string("record-version"), "collection": .text(collection), "key": .string(key),
        "version": .integer(version),
      ])
    case .remembered(let height, let group):
      .object(["kind": .string("remembered"), "height": .integer(height.rawValue), "group": .integer(group)])
    }
  }
}

extension StateEntry {
  /// The value of the entry, without its key.
  var json: JSONValue {
    switch self {
    case .parameters(let parameters):
      return .object(["administratorThreshold": .integer(parameters.administratorThreshold)])
    case .member(let member):
      var members: [String: JSONValue] = ["description": .string(member.description)]
      member.authority.write(into: &members)
      members["suspended"] = .bool(member.suspension != nil)
      if let reason = member.suspension { members["reason"] = .string(reason) }
      return .object(members)
    case .account(let account):
      return .object(["description": .string(account.description), "frozen": .bool(account.isFrozen)])
    case .asset(let asset):
      return .object([
        "issuer": .text(asset.issuer), "decimals": .integer(asset.decimals), "supplyUnits": .text(asset.supply),
        "description": .string(asset.description),
      ])
    case .balance(_, _, let amount): return .object(["units": .text(amount)])
    case .collection(_, let owner): return .object(["owner": .text(owner)])
    case .record(let record):
      var members = Self.content(of: record)
      members["version"] = .integer(record.version)
      return .object(members)
    case .recordVersion(let record): return .object(Self.content(of: record))
    case .remembered(let group):
      return .object([
        "transactions": .array(
          group.identities.map { .object(["id": .text($0.id), "validUntil": .string($0.validUntil.iso8601)]) })
      ])
    }
  }

  private static func content(of record: RecordVersion) -> [String: JSONValue] {
    var members: [String: JSONValue] = [
      "author": .text(record.author), "contentDigest": .text(record.content), "time": .string(record.time.iso8601),
    ]
    TextOrHex(record.metadata).write("metadata", into: &members)
    return members
  }
}
