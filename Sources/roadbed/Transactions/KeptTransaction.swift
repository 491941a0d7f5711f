import Foundation
import Ledger
import Primitives

/// A file with the signed bytes of a transaction, kept until it is final in case it must be sent again.
struct KeptTransaction {
  let path: String
  /// Whether the file is the program's own copy, which is removed when no longer needed, rather than a file of the
  /// user.
  let isCopy: Bool

  /// The copy in `directory`, which need not exist yet.
  init(_ id: Digest, in directory: String) {
    path = Paths.join(directory, KeptTransaction.fileName(id))
    isCopy = true
  }

  /// The file at `path`, from which the transaction was read. It counts as a copy if its name is that of a copy.
  init(_ id: Digest, readFrom path: String) {
    self.path = path
    isCopy = Paths.name(of: path) == KeptTransaction.fileName(id)
  }

  private static func fileName(_ id: Digest) -> String { "\(id).tx" }

  func write(_ transaction: SignedTransaction) throws(CommandError) {
    try Paths.makeDirectory(Paths.directory(of: path))
    try TextFile.write(transaction.bytes, to: path)
  }

  /// Removes the copy, and its directory if that is then empty. Leaves a file of the user alone.
  func remove() {
    guard isCopy, unlink(path) == 0 else { return }
    // Fails if the directory holds other copies.
    _ = rmdir(Paths.directory(of: path))
  }
}
