public import Ledger
internal import Primitives

/// An operation as answers and files show it: what the ledger holds, and how many decimals its asset has.
///
/// Amounts are written twice: `units`, what was signed, and `amount`, the same scaled by the asset's decimals, where
/// they are known.
public struct RenderedOperation: Hashable, Sendable {
  public let operation: Operation
  /// The decimals of the asset that the operation moves, nil if they are unknown or it moves none.
  public let decimals: UInt8?

  public init(_ operation: Operation, decimals: (Name) -> UInt8?) {
    self.operation = operation
    self.decimals = RenderedOperation.asset(operation).flatMap(decimals)
  }

  /// Each of `operations`, where one sees the assets that those before it define.
  public static func list(_ operations: [Operation], decimals: (Name) -> UInt8?) -> [RenderedOperation] {
    var defined: [Name: UInt8] = [:]
    return operations.map { operation in
      if case .assetDefine(let asset, _, let decimals, _) = operation { defined[asset] = decimals }
      return RenderedOperation(operation) { decimals($0) ?? defined[$0] }
    }
  }

  private static func asset(_ operation: Operation) -> Name? {
    switch operation {
    case .assetIssue(let asset, _, _), .assetRetire(let asset, _, _), .assetTransfer(let asset, _, _, _, _): asset
    default: nil
    }
  }

  public var json: JSONValue {
    var members: [String: JSONValue] = ["kind": .string(operation.kind.name)]
    switch operation {
    case .memberAdd(let name, let description, let authority):
      members["name"] = .text(name)
      members["description"] = .string(description)
      write(authority, &members)
    case .memberUpdate(let name, let authority):
      members["name"] = .text(name)
      write(authority, &members)
    case .memberSuspend(let name, let reason):
      members["name"] = .text(name)
      members["reason"] = .string(reason)
    case .memberRestore(let name):
      members["name"] = .text(name)
    case .accountOpen(let account, let description):
      members["account"] = .text(account)
      members["description"] = .string(description)
    case .accountFreeze(let account), .accountUnfreeze(let account):
      members["account"] = .text(account)
    case .assetDefine(let asset, let issuer, let decimals, let description):
      members["asset"] = .text(asset)
      members["issuer"] = .text(issuer)
      members["decimals"] = .integer(decimals)
      members["description"] = .string(description)
    case .assetIssue(let asset, let account, let amount):
      members["asset"] = .text(asset)
      members["to"] = .text(account)
      write(amount, &members)
    case .assetRetire(let asset, let account, let amount):
      members["asset"] = .text(asset)
      members["from"] = .text(account)
      write(amount, &members)
    case .assetTransfer(let asset, let from, let to, let amount, let memo):
      members["asset"] = .text(asset)
      members["from"] = .text(from)
      members["to"] = .text(to)
      write(amount, &members)
      TextOrHex(memo).write("memo", into: &members)
    case .recordAnchor(let author, let collection, let key, let content, let metadata):
      members["author"] = .text(author)
      members["collection"] = .text(collection)
      members["key"] = .string(key)
      members["contentDigest"] = .text(content)
      TextOrHex(metadata).write("metadata", into: &members)
    }
    return .object(members)
  }

  private func write(_ authority: MemberAuthority, _ members: inout [String: JSONValue]) {
    members["roles"] = .array(authority.roles.names.map { .string($0) })
    members["keys"] = .array(authority.keys.map { .text($0) })
    members["threshold"] = .integer(authority.threshold)
  }

  private func write(_ amount: Amount, _ members: inout [String: JSONValue]) {
    members["units"] = .text(amount)
    if let decimals { members["amount"] = .string(amount.text(decimals: Int(decimals))) }
  }
}

extension RenderedOperation: Codable {
  public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

  public init(from decoder: any Decoder) throws {
    let node = JSONNode(try JSONValue(from: decoder), document: "answer")
    do throws(DocumentError) {
      operation = try OperationReader(decimals: [:], skipsAmounts: true).read(node)
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.explanation))
    }
    // The decimals are as many as the rendered amount has after its point.
    guard RenderedOperation.asset(operation) != nil, case .object(let members) = node.value,
      case .string(let amount) = members["amount"]
    else {
      decimals = nil
      return
    }
    decimals = UInt8(clamping: amount.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst().count)
  }
}
