import Ledger
import LedgerJSON

/// Genesis files on disk.
enum GenesisFile {
  /// Reads and validates.
  static func read(_ path: String) throws -> Genesis {
    try GenesisDocument.parse(try TextFile.read(path), document: TextFile.name(path))
  }

  static func parse(_ bytes: [UInt8]) throws(DocumentError) -> Genesis {
    try GenesisDocument.parse(bytes, document: "the genesis file")
  }
}
