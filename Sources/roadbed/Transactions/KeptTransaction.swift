import Foundation
import Ledger
import Primitives

/// A file with the signed bytes of a transaction, kept until it is final: what it takes to send the same one again.
struct KeptTransaction {
  let path: String
  /// Whether it is one of the program's own copies, which goes when it is of no more use, and no file of the user's.
  let isCopy: Bool

  /// The copy in `directory`, which need not be there yet.
  init(_ id: Digest, in directory: String) {
    path = Paths.join(directory, KeptTransaction.fileName(id))
    isCopy = true
  }

  /// The file `path`, from which the transaction was read. One with the name of a copy is one.
  init(_ id: Digest, readFrom path: String) {
    self.path = path
    isCopy = Paths.name(of: path) == KeptTransaction.fileName(id)
  }

  private static func fileName(_ id: Digest) -> String { "\(id).tx" }

  func write(_ transaction: SignedTransaction) throws(CommandError) {
    try Paths.makeDirectory(Paths.directory(of: path))
    try TextFile.write(transaction.bytes, to: path)
  }

  /// Removes the copy, and its directory if that was the last one. A file of the user's stays.
  func remove() {
    guard isCopy, unlink(path) == 0 else { return }
    // Fails if there are others.
    _ = rmdir(Paths.directory(of: path))
  }
}
