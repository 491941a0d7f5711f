import Cryptography
import Ledger
import LedgerJSON
import Primitives

/// A file of operations, of a transaction that others may already have signed, or of a transaction's signed bytes.
enum TransactionFile {
  case operations(OperationsDocument)
  case transaction(TransactionDocument)
  /// The canonical bytes, as commands keep them and nodes accept them.
  case signed(SignedTransaction)

  /// Reads the file, or standard input if `path` is `-`, and fills in placeholders.
  init(_ path: String, chain: ChainContext, cluster: Cluster?) throws {
    let name = TextFile.name(path)
    let content = try TextFile.read(path)
    // The canonical bytes begin with a small number, with which no text begins.
    if let first = content.first, first < UInt8(ascii: "\t") {
      var hash = HashFunction(chain.suite)
      self = .signed(try SignedTransaction(bytes: content, chain: chain, hash: &hash))
      return
    }
    let placeholders = Placeholders(
      suite: chain.suite, directory: path == "-" ? "." : Paths.directory(of: path)
    ) { cluster?.keyFile(of: $0) }
    let value = try placeholders.fill(try JSONParser.parse(content, document: name))
    let bytes = JSONWriter.compact(value)
    if case .object(let members) = value, members["validUntil"] != nil || members["signatures"] != nil {
      self = .transaction(try TransactionDocument(bytes, document: name))
    } else {
      self = .operations(try OperationsDocument(bytes, document: name))
    }
  }

  /// The assets whose decimals are needed to scale the amounts.
  var assetsToLookUp: [Name] {
    switch self {
    case .operations(let document): document.assetsToLookUp
    case .transaction(let document): document.assetsToLookUp
    case .signed: []
    }
  }

  /// Whether every reader of the file builds the same transaction, with the same id.
  var fixesTransaction: Bool {
    if case .operations = self { false } else { true }
  }

  /// A draft with the signatures in the file. `end` and `nonce` (default: random) count if the file does not fix them.
  func draft(
    chain: ChainContext, decimals: [Name: UInt8], end: Timestamp, nonce: UInt64? = nil
  ) throws -> TransactionDraft {
    var hash = HashFunction(chain.suite)
    switch self {
    case .operations(let document):
      return try TransactionDraft(
        operations: try document.operations { decimals[$0] }, validUntil: end,
        nonce: nonce ?? .random(in: 0...UInt64.max), chain: chain, hash: &hash)
    case .transaction(let document):
      return try document.draft(chain: chain, decimals: { decimals[$0] }, hash: &hash)
    case .signed(let transaction): throw CommandError.signedBytes(transaction.id)
    }
  }
}

extension CommandError {
  static func signedBytes(_ id: Digest) -> CommandError {
    CommandError(
      code: "command.signed-bytes",
      explanation: "the file contains the signed bytes of transaction \(id), which are complete",
      nextStep: "submit them without --key, or add signatures to the JSON file that `tx sign` writes")
  }
}
