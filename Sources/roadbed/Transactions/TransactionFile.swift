import Cryptography
import Ledger
import LedgerJSON
import Primitives

/// A file of operations, or of a transaction that others may have signed already.
enum TransactionFile {
  case operations(OperationsDocument)
  case transaction(TransactionDocument)

  /// Reads the file, or standard input if `path` is `-`, and fills in placeholders.
  init(_ path: String, suite: Suite, cluster: Cluster?) throws {
    let name = TextFile.name(path)
    let placeholders = Placeholders(
      suite: suite, directory: path == "-" ? "." : Paths.directory(of: path)
    ) { cluster?.keyFile(of: $0) }
    let value = try placeholders.fill(try JSONParser.parse(try TextFile.read(path), document: name))
    let bytes = JSONWriter.compact(value)
    if case .object(let members) = value, members["validUntil"] != nil || members["signatures"] != nil {
      self = .transaction(try TransactionDocument(bytes, document: name))
    } else {
      self = .operations(try OperationsDocument(bytes, document: name))
    }
  }

  /// The assets whose decimals the amounts need.
  var assetsToLookUp: [Name] {
    switch self {
    case .operations(let document): document.assetsToLookUp
    case .transaction(let document): document.assetsToLookUp
    }
  }

  /// A draft with the signatures that the file has. What the file does not fix, `time` does.
  func draft(chain: ChainContext, decimals: [Name: UInt8], time: ValidityOptions) throws -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    switch self {
    case .operations(let document):
      return try TransactionDraft(
        operations: try document.operations { decimals[$0] }, validUntil: time.end,
        nonce: time.nonce ?? .random(in: 0...UInt64.max), chain: chain, hash: &hash)
    case .transaction(let document):
      return try document.draft(chain: chain, decimals: { decimals[$0] }, hash: &hash)
    }
  }
}
