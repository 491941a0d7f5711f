/// One flat directory of files, as the log needs it: small, synchronous, and with the guarantees of POSIX
/// alone, so that a simulated disk may do everything that a real one may do.
///
/// What is promised: a file's bytes survive a crash once `sync` of that file has returned; a name
/// (`create`, `rename`, `remove`) survives once `syncDirectory` has returned; a rename is seen whole or not
/// at all. Until then any subset of the written sectors may be kept. After a `sync` that failed, nothing
/// is known about the bytes written since the last one that did not, and asking again proves nothing.
package protocol Disk: AnyObject {
  /// The names of all files, in ascending order.
  func list() throws(DiskError) -> [String]
  /// Makes an empty file, or empties the one there is, and reserves `byteCount` bytes that read as zero.
  func create(_ file: String, byteCount: Int) throws(DiskError)
  /// Length in bytes, or nil if there is no such file.
  func size(of file: String) throws(DiskError) -> Int?
  /// Fills `buffer` from `offset`; returns how many bytes there were, less than asked only at the file's end.
  func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int
  /// Writes all of `bytes` at `offset`.
  func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError)
  func sync(_ file: String) throws(DiskError)
  func syncDirectory() throws(DiskError)
  /// Gives `file` the name `target`, replacing what had it.
  func rename(_ file: String, to target: String) throws(DiskError)
  /// Removes the file; a file that is not there is no error.
  func remove(_ file: String) throws(DiskError)
  /// Says that the file's bytes, which are synced, will seldom be read: the memory that holds copies of them may go. A
  /// hint only.
  func release(_ file: String)
}

extension Disk {
  package func release(_ file: String) {}
}
