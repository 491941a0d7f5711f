package import BlockLog
internal import Ledger
package import Primitives

/// The directory of a node's snapshots: complete ones by height, and one that is being created or fetched.
///
/// A file has its final name only when all of it is durable. The snapshots are not a source of truth: anything missing
/// or damaged is created or fetched again.
package struct SnapshotStore<Storage: Disk> {
  /// The number of the piece that contains the manifest; all other pieces are chunks.
  static var manifestPiece: UInt32 { .max }

  let storage: Storage
  package let chain: ChainContext

  package init(_ storage: Storage, chain: ChainContext) {
    self.storage = storage
    self.chain = chain
  }

  /// The stages of a snapshot; the raw value is the extension of its file.
  enum Stage: String, CaseIterable {
    case whole = "snapshot"
    case making
    case sorting
    case joining
  }

  static func name(_ height: Height, _ stage: Stage) -> String {
    let digits = "\(height)"
    return "\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits).\(stage.rawValue)"
  }

  private static func height(of file: String, _ stage: Stage) -> Height? {
    guard file.hasSuffix(".\(stage.rawValue)"), let number = UInt64(file.dropLast(stage.rawValue.count + 1)),
      name(Height(number), stage) == file
    else { return nil }
    return Height(number)
  }

  private func files() throws(SnapshotFault) -> [String] {
    do throws(DiskError) {
      return try storage.list()
    } catch {
      throw .file(.disk(error))
    }
  }

  /// Heights of complete snapshots, ascending.
  package func heights() throws(SnapshotFault) -> [Height] {
    try files().compactMap { Self.height(of: $0, .whole) }.sorted()
  }

  /// Makes the names of the files durable. The node may have stopped after it renamed a complete snapshot but before it
  /// synced the directory, and must not let its log rely on a name that a crash takes back.
  package func syncNames() throws(SnapshotFault) {
    do throws(DiskError) {
      try storage.syncDirectory()
    } catch {
      throw .file(.disk(error))
    }
  }

  /// Removes what is left of snapshots that were being created: by a crash, or because they were given up.
  package func tidy() throws(SnapshotFault) {
    for file in try files() where Self.height(of: file, .making) != nil || Self.height(of: file, .sorting) != nil {
      try remove(file)
    }
  }

  func remove(_ file: String) throws(SnapshotFault) {
    do throws(DiskError) {
      try storage.remove(file)
    } catch {
      throw .file(.disk(error))
    }
  }

  /// Removes all complete snapshots up to the height of one that was just made, except the newest `count` of them, and
  /// keeps at least that one. Any above it may lack closings, and then take no other's place.
  package func keep(_ count: Int, through made: Height) throws(SnapshotFault) {
    for height in try heights().filter({ $0 <= made }).dropLast(max(1, count)) {
      try remove(Self.name(height, .whole))
    }
  }

  package func remove(_ height: Height) throws(SnapshotFault) { try remove(Self.name(height, .whole)) }

  package func byteCount(of height: Height) throws(SnapshotFault) -> Int {
    do throws(DiskError) {
      return try storage.size(of: Self.name(height, .whole)) ?? 0
    } catch {
      throw .file(.disk(error))
    }
  }

  /// Opens a complete snapshot.
  package func open(_ height: Height) throws(SnapshotFault) -> StoredSnapshot<Storage> {
    try open(height, .whole)
  }

  private func open(_ height: Height, _ stage: Stage) throws(SnapshotFault) -> StoredSnapshot<Storage> {
    let file: ChunkFile<Storage>
    let bytes: [UInt8]
    do throws(ChunkFileError) {
      file = try ChunkFile.open(storage, name: Self.name(height, stage), chain: chain.genesis)
      bytes = try file.read(Self.manifestPiece)
    } catch {
      throw .file(error)
    }
    let manifest = try fault { () throws(SnapshotError) in try SnapshotManifest(bytes, chain: chain) }
    guard manifest.height == height else { throw .otherHeight(file: file.name, height: manifest.height) }
    return StoredSnapshot(manifest: manifest, manifestBytes: bytes, file: file)
  }

  private func fault<Value>(_ body: () throws(SnapshotError) -> Value) throws(SnapshotFault) -> Value {
    do throws(SnapshotError) {
      return try body()
    } catch {
      throw .content(error)
    }
  }

  // MARK: Fetching

  /// The snapshot that was being fetched when the node stopped, without pieces that a crash tore. Removes any others.
  package func interrupted() throws(SnapshotFault) -> StoredSnapshot<Storage>? {
    let heights = try files().compactMap { Self.height(of: $0, .joining) }.sorted()
    for height in heights.dropLast() { try remove(Self.name(height, .joining)) }
    guard let height = heights.last else { return nil }
    do throws(SnapshotFault) {
      var found = try open(height, .joining)
      try found.resume()
      return found
    } catch {
      if case .file(.disk) = error { throw error }
      try remove(Self.name(height, .joining))
      return nil
    }
  }

  /// The snapshot that is being fetched, for inspection only: nothing is changed.
  package func underWay() throws(SnapshotFault) -> StoredSnapshot<Storage>? {
    guard let height = try files().compactMap({ Self.height(of: $0, .joining) }).max() else { return nil }
    return try open(height, .joining)
  }

  /// The file name of a complete snapshot.
  package static func file(of height: Height) -> String { name(height, .whole) }

  /// Starts to keep a snapshot that is being fetched, and removes any other one of this kind.
  package func begin(_ height: Height, manifest: [UInt8]) throws(SnapshotFault) -> StoredSnapshot<Storage> {
    if let found = try interrupted() {
      if found.manifestBytes == manifest { return found }
      try remove(found.file.name)
    }
    let parsed = try fault { () throws(SnapshotError) in try SnapshotManifest(manifest, chain: chain) }
    do throws(ChunkFileError) {
      var file = try ChunkFile.create(storage, name: Self.name(height, .joining), chain: chain.genesis)
      try file.append(Self.manifestPiece, manifest)
      try file.sync()
      do throws(DiskError) {
        try storage.syncDirectory()
      } catch {
        throw .disk(error)
      }
      return StoredSnapshot(manifest: parsed, manifestBytes: manifest, file: file)
    } catch {
      throw .file(error)
    }
  }

  /// Gives a snapshot whose chunks are all here its final name.
  package func complete(_ snapshot: StoredSnapshot<Storage>) throws(SnapshotFault) {
    do throws(ChunkFileError) {
      try snapshot.file.sync()
      try snapshot.file.rename(to: Self.name(snapshot.manifest.height, .whole))
    } catch {
      throw .file(error)
    }
  }

  /// Discards the snapshot that was being fetched.
  package func abandonJoining() throws(SnapshotFault) {
    for file in try files() where Self.height(of: file, .joining) != nil { try remove(file) }
  }
}

extension SnapshotStore: Sendable where Storage: Sendable {}
