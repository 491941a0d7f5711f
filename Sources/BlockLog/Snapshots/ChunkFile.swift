package import Primitives

/// A file of numbered pieces that are appended in any order and read by number. It holds a snapshot on disk, whether
/// complete or still being fetched.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 8 | magic, `roadsnp` and a line feed |
/// | 8 | 2 | format version, 1 |
/// | 10 | 2 | zero |
/// | 12 | 32 | genesis digest |
/// | 44 | 4 | CRC-32C of bytes 0..<44 |
/// | 48 | | pieces |
///
/// A piece is its number, length, CRC-32C of the payload (`u32` each), CRC-32C of these 12 bytes continued from the
/// header's, and the payload. A torn piece header ends the file. A piece whose payload a crash tore is appended again
/// after the others: of several pieces with one number the first intact one counts, so no later piece can replace it.
package struct ChunkFile<Storage: Disk> {
  package static var headerBytes: Int { 48 }
  static var pieceHeaderBytes: Int { 16 }
  static var version: UInt16 { 1 }

  private struct Place {
    var offset: Int
    var byteCount: Int
    var checksum: UInt32
  }

  package let name: String
  private let storage: Storage
  private let binding: UInt32
  /// The places of the pieces with each number, in file order.
  private var places: [UInt32: [Place]] = [:]
  private var end: Int

  private init(_ storage: Storage, name: String, binding: UInt32) {
    self.storage = storage
    self.name = name
    self.binding = binding
    end = Self.headerBytes
  }

  /// Creates an empty file, or empties an existing one. Nothing is durable before `sync`.
  package static func create(
    _ storage: Storage, name: String, chain: Digest
  ) throws(ChunkFileError) -> ChunkFile {
    let header = Self.header(chain)
    do throws(DiskError) {
      try storage.create(name, byteCount: 0)
      try storage.write(name, at: 0, header.span.bytes)
    } catch {
      throw .disk(error)
    }
    return ChunkFile(storage, name: name, binding: Self.binding(header))
  }

  /// Opens an existing file and finds its pieces. Their payloads are checked only when they are read.
  package static func open(
    _ storage: Storage, name: String, chain: Digest
  ) throws(ChunkFileError) -> ChunkFile {
    let header = Self.header(chain)
    var file = ChunkFile(storage, name: name, binding: Self.binding(header))
    var found = [UInt8](repeating: 0, count: Self.headerBytes)
    let size: Int?
    do throws(DiskError) {
      size = try storage.size(of: name)
      if let size {
        _ = try storage.read(name, at: 0, into: &found)
        if found == header { try file.findPieces(size) }
      }
    } catch {
      throw .disk(error)
    }
    guard size != nil else { throw .missing(file: name) }
    guard found == header else { throw .otherFile(file: name) }
    return file
  }

  private mutating func findPieces(_ size: Int) throws(DiskError) {
    var buffer = [UInt8](repeating: 0, count: Self.pieceHeaderBytes)
    while size - end >= Self.pieceHeaderBytes {
      let count = try storage.read(name, at: end, into: &buffer)
      guard count == buffer.count, let piece = pieceHeader(buffer), piece.place.byteCount <= size - end - count else {
        return
      }
      var place = piece.place
      place.offset = end + Self.pieceHeaderBytes
      places[piece.number, default: []].append(place)
      end = place.offset + place.byteCount
    }
  }

  private func pieceHeader(_ bytes: [UInt8]) -> (number: UInt32, place: Place)? {
    var reader = Reader(bytes.span.bytes)
    do throws(CodecError) {
      let number: UInt32 = try reader.integer()
      let length: UInt32 = try reader.integer()
      let checksum: UInt32 = try reader.integer()
      let own: UInt32 = try reader.integer()
      guard own == Checksum.crc32c(bytes.span.bytes.extracting(0..<12), seed: binding),
        length <= UInt32(Limits.snapshotChunkBytes)
      else { return nil }
      return (number, Place(offset: 0, byteCount: Int(length), checksum: checksum))
    } catch {
      return nil
    }
  }

  private static func header(_ chain: Digest) -> [UInt8] {
    var writer = Writer(capacity: headerBytes)
    writer.raw(Array("roadsnp\n".utf8))
    writer.integer(version)
    writer.integer(UInt16(0))
    writer.digest(chain)
    writer.integer(Checksum.crc32c(writer.bytes.span.bytes))
    return writer.bytes
  }

  /// The checksum in the header. (A checksum over the whole header, including this one, would be the same for every
  /// header.)
  private static func binding(_ header: [UInt8]) -> UInt32 {
    Checksum.crc32c(header.span.bytes.extracting(0..<headerBytes - 4))
  }

  // MARK: Pieces

  package var numbers: Set<UInt32> { Set(places.keys) }
  /// Bytes of a piece's payload; nil if there is no such piece.
  package func byteCount(of number: UInt32) -> Int? { places[number]?.map(\.byteCount).max() }
  /// Bytes of the file up to the end of its last piece.
  package var byteCount: Int { end }

  /// Appends a piece after the others; does nothing if the piece already exists.
  package mutating func append(_ number: UInt32, _ payload: [UInt8]) throws(ChunkFileError) {
    guard places[number] == nil else { return }
    guard payload.count <= Limits.snapshotChunkBytes else {
      throw .tooLarge(file: name, number: number, bytes: payload.count)
    }
    let checksum = Checksum.crc32c(payload.span.bytes)
    var writer = Writer(capacity: Self.pieceHeaderBytes + payload.count)
    writer.integer(number)
    writer.integer(UInt32(payload.count))
    writer.integer(checksum)
    writer.integer(Checksum.crc32c(writer.bytes.span.bytes, seed: binding))
    writer.raw(payload)
    do throws(DiskError) {
      try storage.write(name, at: end, writer.bytes.span.bytes)
    } catch {
      throw .disk(error)
    }
    places[number] = [Place(offset: end + Self.pieceHeaderBytes, byteCount: payload.count, checksum: checksum)]
    end += writer.count
  }

  /// The payload of a piece, read from its first intact copy.
  package func read(_ number: UInt32) throws(ChunkFileError) -> [UInt8] {
    guard let places = places[number] else { throw .noPiece(file: name, number: number) }
    var fault = ChunkFileError.damaged(file: name, number: number, offset: places[0].offset)
    for place in places {
      do throws(ChunkFileError) {
        if let payload = try whole(place) { return payload }
      } catch {
        fault = error
      }
    }
    throw fault
  }

  private func whole(_ place: Place) throws(ChunkFileError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: place.byteCount)
    let count: Int
    do throws(DiskError) {
      count = try storage.read(name, at: place.offset, into: &bytes)
    } catch {
      throw .disk(error)
    }
    return count == bytes.count && Checksum.crc32c(bytes.span.bytes) == place.checksum ? bytes : nil
  }

  /// Forgets pieces that a crash left with a header but without an intact payload, so that they can be appended again.
  package mutating func dropDamaged() throws(ChunkFileError) {
    for number in places.keys.sorted() {
      do throws(ChunkFileError) {
        _ = try read(number)
      } catch {
        guard case .damaged = error else { throw error }
        places[number] = nil
      }
    }
  }

  /// Writes again what is in the file. The previous run of the node may have ended after a sync that failed; reads may
  /// then show bytes that are only in the system's memory, and without this the next sync would leave them there.
  package func writeAgain() throws(ChunkFileError) {
    do throws(DiskError) {
      var offset = 0
      while offset < end {
        var bytes = [UInt8](repeating: 0, count: min(Limits.snapshotChunkBytes, end - offset))
        let count = try storage.read(name, at: offset, into: &bytes)
        guard count > 0 else { return }
        try storage.write(name, at: offset, bytes.span.bytes.extracting(0..<count))
        offset += count
      }
    } catch {
      throw .disk(error)
    }
  }

  /// Makes everything written durable. The file's name becomes durable only when the directory is synced.
  package func sync() throws(ChunkFileError) {
    do throws(DiskError) {
      try storage.sync(name)
    } catch {
      throw .disk(error)
    }
  }

  /// Renames the file, durably.
  package func rename(to target: String) throws(ChunkFileError) {
    do throws(DiskError) {
      try storage.rename(name, to: target)
      try storage.syncDirectory()
    } catch {
      throw .disk(error)
    }
  }
}

extension ChunkFile: Sendable where Storage: Sendable {}
