public import Ledger
internal import Primitives

/// An operation in the form of answers and files, with the decimals of its asset.
///
/// Amounts are written twice: as `units`, the signed number, and, if the asset's decimals are known, as `amount`,
/// which is the same number scaled by them.
public struct RenderedOperation: Hashable, Sendable {
  public let operation: Operation
  /// The decimals of the asset that the operation moves; nil if they are unknown or it moves none.
  public let decimals: UInt8?

  public init(_ operation: Operation, decimals: (Name) -> UInt8?) {
    self.operation = operation
    self.decimals = operation.touched.movedAsset.flatMap(decimals)
  }

  /// Renders `operations`, where each can use the decimals of assets that earlier ones define.
  public static func list(_ operations: [Operation], decimals: (Name) -> UInt8?) -> [RenderedOperation] {
    var defined: [Name: UInt8] = [:]
    return operations.map { operation in
      if case .assetDefine(let define) = operation { defined[define.asset] = define.decimals }
      return RenderedOperation(operation) { decimals($0) ?? defined[$0] }
    }
  }

  /// The operation in words: its kind, and the members, accounts, amounts and references that it states.
  public var line: String { "\(operation.kind.name) \(operation.described.text(decimals: decimals))" }

  public var json: JSONValue {
    var members: [String: JSONValue] = ["kind": .string(operation.kind.name)]
    operation.form.write(into: &members, decimals: decimals)
    return .object(members)
  }
}

extension RenderedOperation: Codable {
  public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

  public init(from decoder: any Decoder) throws {
    let node = JSONNode(try JSONValue(from: decoder), document: "answer")
    do throws(DocumentError) {
      operation = try OperationReader(amounts: AmountReader(decimals: [:], skipsAmounts: true)).read(node)
    } catch {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: error.explanation))
    }
    // The number of decimals is the number of digits after the point of the rendered amount.
    guard operation.touched.movedAsset != nil, case .object(let members) = node.value,
      case .string(let amount) = members["amount"]
    else {
      decimals = nil
      return
    }
    decimals = UInt8(clamping: amount.utf8.drop { $0 != UInt8(ascii: ".") }.dropFirst().count)
  }
}
