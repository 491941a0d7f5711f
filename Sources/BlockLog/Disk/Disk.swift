/// One flat directory of files, as the log needs it: small and synchronous, with no guarantees beyond those of POSIX,
/// so that a simulated disk may do everything that a real one may do.
///
/// The guarantees: a file's bytes survive a crash once `sync` of that file has returned; a name (`create`, `rename`,
/// `remove`) survives once `syncDirectory` has returned; a rename takes effect completely or not at all. Until then a
/// crash may keep any subset of the written sectors. After a failed `sync`, nothing is known about the bytes written
/// since the last successful one, and trying again proves nothing.
package protocol Disk: AnyObject {
  /// The names of all files, in ascending order.
  func list() throws(DiskError) -> [String]
  /// Creates an empty file, or empties an existing one, and reserves `byteCount` bytes that read as zero.
  func create(_ file: String, byteCount: Int) throws(DiskError)
  /// Length in bytes, or nil if there is no such file.
  func size(of file: String) throws(DiskError) -> Int?
  /// Fills `buffer` from `offset` and returns the number of bytes read, which is less than requested only at the end of
  /// the file.
  func read(_ file: String, at offset: Int, into buffer: inout [UInt8]) throws(DiskError) -> Int
  /// Writes all of `bytes` at `offset`.
  func write(_ file: String, at offset: Int, _ bytes: RawSpan) throws(DiskError)
  func sync(_ file: String) throws(DiskError)
  func syncDirectory() throws(DiskError)
  /// Renames `file` to `target`, replacing any file of that name.
  func rename(_ file: String, to target: String) throws(DiskError)
  /// Removes the file; it is not an error if the file does not exist.
  func remove(_ file: String) throws(DiskError)
  /// Hints that the file's bytes, which are synced, will seldom be read, so the system may free the memory that caches
  /// them.
  func release(_ file: String)
}

extension Disk {
  package func release(_ file: String) {}
}
