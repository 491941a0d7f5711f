public import Ledger
internal import Primitives

/// A file of operations, `{"operations": […]}` or only the array. It is read in two steps, because the meaning of
/// amounts depends on the assets' decimals, which the caller may have to request from a node in between.
public struct OperationsDocument: Sendable {
  private let nodes: [JSONNode]
  /// The assets whose decimals the amounts need and that no earlier operation of the document defines, in the order
  /// of their first use.
  public let assetsToLookUp: [Name]

  /// Reads the JSON and the assets in it. Errors refer to the document as `document`.
  public init(_ bytes: [UInt8], document: String) throws(DocumentError) {
    try self.init(JSONNode.parse(bytes, document: document))
  }

  init(_ root: JSONNode) throws(DocumentError) {
    let list: JSONNode
    if case .object = root.value {
      list = try root.object { (reader) throws(DocumentError) in try reader.required("operations") }
    } else {
      list = root
    }
    try self.init(list: list)
  }

  /// Reads the array of operations.
  init(list: JSONNode) throws(DocumentError) {
    nodes = try list.array()
    guard nodes.count >= 1, nodes.count <= Limits.transactionOperations else {
      throw list.fault(
        .value("an array of \(nodes.count)", allowed: "1 to \(Limits.transactionOperations) operations"))
    }
    var known: Set<Name> = []
    var assets: [Name] = []
    for node in nodes {
      guard case .object(let members) = node.value, case .string(let text) = members["asset"],
        let asset = Name(text), !known.contains(asset)
      else { continue }
      if members["kind"] == .string(OperationKind.assetDefine.name) {
        known.insert(asset)
      } else if members["amount"] != nil {
        known.insert(asset)
        assets.append(asset)
      }
    }
    assetsToLookUp = assets
  }

  /// The operations. `decimals` is called once for each of `assetsToLookUp`, and returns nil if there is no such
  /// asset.
  public func operations(decimals: (Name) -> UInt8?) throws(DocumentError) -> [Operation] {
    var known: [Name: UInt8] = [:]
    for asset in assetsToLookUp { known[asset] = decimals(asset) }
    var operations: [Operation] = []
    operations.reserveCapacity(nodes.count)
    for node in nodes {
      let operation = try OperationReader(amounts: AmountReader(decimals: known)).read(node)
      if case .assetDefine(let define) = operation, known[define.asset] == nil {
        known[define.asset] = define.decimals
      }
      operations.append(operation)
    }
    return operations
  }

  /// Writes `operations` as a JSON file.
  public static func render(_ operations: [Operation], decimals: (Name) -> UInt8?) -> [UInt8] {
    let list = RenderedOperation.list(operations, decimals: decimals).map(\.json)
    return JSONWriter.pretty(.object(["operations": .array(list)]))
  }
}
