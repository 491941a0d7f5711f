import Foundation
import Ledger
import Primitives

/// A file with the signed bytes of a transaction, kept until it is final in case it must be sent again.
struct KeptTransaction {
  let path: String
  /// Whether it is the program's own copy, which is removed when it is no longer needed, and not a file of the user's.
  let isCopy: Bool

  /// The copy in `directory`, which need not exist yet.
  init(_ id: Digest, in directory: String) {
    path = Paths.join(directory, KeptTransaction.fileName(id))
    isCopy = true
  }

  /// The file `path`, from which the transaction was read. It counts as a copy if it has the name of one.
  init(_ id: Digest, readFrom path: String) {
    self.path = path
    isCopy = Paths.name(of: path) == KeptTransaction.fileName(id)
  }

  private static func fileName(_ id: Digest) -> String { "\(id).tx" }

  func write(_ transaction: SignedTransaction) throws(CommandError) {
    try Paths.makeDirectory(Paths.directory(of: path))
    try TextFile.write(transaction.bytes, to: path)
  }

  /// Removes the copy, and its directory if it was the last one. A file of the user's stays.
  func remove() {
    guard isCopy, unlink(path) == 0 else { return }
    // This fails if there are others.
    _ = rmdir(Paths.directory(of: path))
  }
}
