import Ledger
import LedgerJSON

/// Reads genesis files from disk.
enum GenesisFile {
  /// Reads and validates a genesis file.
  static func read(_ path: String) throws -> Genesis {
    try GenesisDocument.parse(try TextFile.read(path), document: TextFile.name(path))
  }

  static func parse(_ bytes: [UInt8]) throws(DocumentError) -> Genesis {
    try GenesisDocument.parse(bytes, document: "the genesis file")
  }
}
