public import Ledger
internal import Primitives

// Keys and entries of the state as the summaries of proofs show them (Documentation/formats-state.md, section 3). Every
// member is always there, except for empty metadata, the reason of a suspension, the version before the first, the
// arbiter of a hold without one, and the cap of an asset without one.

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
    case .remembered(let height, let group):
      .object(["kind": .string("remembered"), "height": .integer(height.rawValue), "group": .integer(group)])
    case .configuration: .object(["kind": .string("configuration")])
    case .node(let name): .object(["kind": .string("node"), "node": .text(name)])
    case .keyChange(let validator): .object(["kind": .string("keyChange"), "validator": .text(validator)])
    case .hold(let payer, let reference):
      .object(["kind": .string("hold"), "from": .text(payer), "reference": .text(reference)])
    case .assetTerms(let asset): .object(["kind": .string("assetTerms"), "asset": .text(asset)])
    }
  }
}

extension StateEntry {
  /// The value of the entry, without its key.
  var json: JSONValue {
    switch self {
    case .parameters(let parameters):
      return .object([
        "administratorThreshold": .integer(parameters.administratorThreshold),
        "blockBytes": .integer(parameters.blockBytes), "blockOperations": .integer(parameters.blockOperations),
        "validityMilliseconds": .integer(parameters.validityMilliseconds),
      ])
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
      var members: [String: JSONValue] = [
        "version": .integer(record.version), "author": .text(record.author), "contentDigest": .text(record.content),
        "time": .string(record.time.iso8601),
      ]
      TextOrHex(record.metadata).write("metadata", into: &members)
      if record.version > 1 { members["previous"] = .text(record.previous) }
      return .object(members)
    case .remembered(let group):
      return .object([
        "transactions": .array(
          group.identities.map { .object(["id": .text($0.id), "validUntil": .string($0.validUntil.iso8601)]) })
      ])
    case .configuration(let configuration):
      return .object([
        "rulesVersion": .integer(configuration.rulesVersion),
        "leaderTimeoutMilliseconds": .integer(configuration.leaderTimeoutMilliseconds),
        "validators": .array(
          configuration.validators.map {
            .object(["name": .text($0.name), "member": .text($0.member), "voteKey": .text($0.voteKey)])
          }),
      ])
    case .node(let node):
      var members: [String: JSONValue] = [:]
      node.write(into: &members)
      return .object(members)
    case .keyChange(_, let time): return .object(["time": .string(time.iso8601)])
    case .hold(let hold):
      var members: [String: JSONValue] = [
        "to": .text(hold.to), "asset": .text(hold.asset), "units": .text(hold.amount),
        "expires": .string(hold.expires.iso8601),
        "placed": .object([
          "height": .integer(hold.placed.height.rawValue), "operation": .integer(hold.placed.operation),
        ]),
      ]
      if let arbiter = hold.arbiter { members["arbiter"] = .text(arbiter) }
      return .object(members)
    case .assetTerms(_, let terms):
      var members: [String: JSONValue] = ["frozen": .bool(terms.isFrozen)]
      if let cap = terms.cap { members["capUnits"] = .text(cap) }
      return .object(members)
    }
  }
}
