public import Cryptography
public import Ledger
public import Primitives

/// A transaction as JSON, signed or still to be signed:
/// `{"operations": […], "validUntil": …, "nonce": …, "signatures": […]}`.
///
/// The JSON is only a view: the bytes are built again from it, so a signature over other bytes is invalid. `genesis`
/// and `id` are optional, but must match if given.
public struct TransactionDocument: Sendable {
  public static let format = "roadbed-transaction/1"

  private let node: JSONNode
  private let operations: OperationsDocument
  private let validUntil: Timestamp
  private let nonce: UInt64
  private let signatures: [TransactionSignature]
  private let genesis: JSONNode?
  private let id: JSONNode?

  /// The assets whose decimals are needed for reading the amounts.
  public var assetsToLookUp: [Name] { operations.assetsToLookUp }

  /// Reads everything except the amounts. Errors refer to the document as `document`.
  public init(_ bytes: [UInt8], document: String) throws(DocumentError) {
    try self.init(JSONNode.parse(bytes, document: document))
  }

  private init(_ node: JSONNode) throws(DocumentError) {
    self.node = node
    (operations, validUntil, nonce, signatures, genesis, id) = try node.object { (reader) throws(DocumentError) in
      try reader.optional("format")?.expect(TransactionDocument.format)
      let genesis = reader.optional("genesis")
      let id = reader.optional("id")
      let operations = try OperationsDocument(list: try reader.required("operations"))
      let validUntil = try reader.required("validUntil").timeOrMilliseconds()
      let nonce: UInt64 = try reader.required("nonce").digits(in: 0...UInt64.max)
      var signatures: [TransactionSignature] = []
      for node in try reader.optional("signatures")?.array() ?? [] {
        let signature = try node.object { (reader) throws(DocumentError) in
          TransactionSignature(
            member: try reader.required("member").name(), key: try reader.required("key").publicKey(),
            signature: try reader.required("signature").signature())
        }
        guard !signatures.contains(where: { $0.member == signature.member && $0.key == signature.key }) else {
          throw node.refused(allowed: "each member's key once")
        }
        signatures.append(signature)
      }
      return (operations, validUntil, nonce, signatures, genesis, id)
    }
  }

  /// Reads a request's body: one transaction, or `{"transactions": […]}` with at most `limit` of them.
  package static func request(
    _ bytes: [UInt8], document: String, limit: Int
  ) throws(DocumentError) -> (transactions: [TransactionDocument], isMany: Bool) {
    let node = try JSONNode.parse(bytes, document: document)
    guard case .object(let members) = node.value, members["transactions"] != nil else {
      return ([try TransactionDocument(node)], false)
    }
    let list = try node.object { (reader) throws(DocumentError) in try reader.required("transactions") }
    let elements = try list.array()
    guard elements.count >= 1, elements.count <= limit else {
      throw list.fault(.value("an array of \(elements.count)", allowed: "1 to \(limit) transactions"))
    }
    var transactions: [TransactionDocument] = []
    for element in elements { transactions.append(try TransactionDocument(element)) }
    return (transactions, true)
  }

  /// The transaction with the document's signatures, of which there may be none. `decimals` is called once for each
  /// of `assetsToLookUp`. Does not verify the signatures.
  public func draft(
    chain: ChainContext, decimals: (Name) -> UInt8?, hash: inout HashFunction
  ) throws(DocumentError) -> TransactionDraft {
    try genesis?.expect(chain.genesis.description)
    let operations = try operations.operations(decimals: decimals)
    var draft: TransactionDraft
    do throws(TransactionError) {
      draft = try TransactionDraft(
        operations: operations, validUntil: validUntil, nonce: nonce, chain: chain, hash: &hash)
    } catch {
      throw node.rule(error)
    }
    try id?.expect(draft.id.description)
    for signature in signatures { draft.add(signature) }
    return draft
  }

  /// The signed transaction that the document describes.
  public func transaction(
    chain: ChainContext, decimals: (Name) -> UInt8?, hash: inout HashFunction
  ) throws(DocumentError) -> SignedTransaction {
    let draft = try draft(chain: chain, decimals: decimals, hash: &hash)
    do throws(TransactionError) {
      return try draft.assemble(hash: &hash)
    } catch {
      throw node.rule(error)
    }
  }

  /// Writes the file of a transaction with its signatures so far.
  public static func render(_ draft: TransactionDraft, decimals: (Name) -> UInt8?) -> [UInt8] {
    let signatures: [JSONValue] = draft.signatures.map { signature in
      .object([
        "member": .text(signature.member), "key": .text(signature.key), "signature": .text(signature.signature),
      ])
    }
    return JSONWriter.pretty(
      .object([
        "format": .string(format),
        "genesis": .text(draft.chain.genesis),
        "id": .text(draft.id),
        "validUntil": .string(draft.validUntil.iso8601),
        "nonce": .text(draft.nonce),
        "operations": .array(RenderedOperation.list(draft.operations, decimals: decimals).map(\.json)),
        "signatures": .array(signatures),
      ]))
  }
}
