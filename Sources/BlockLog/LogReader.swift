package import Primitives

/// Reads a log without changing it, whether or not a writer is running. It is used on its own thread with its own
/// `Storage`: for look-ups by address, and for an audit of the whole log.
package struct LogReader<Storage: Disk> {
  /// The result of inspecting the whole log. While a writer is running, a torn end is merely its last batch.
  package struct Inspection: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
      case clean
      case unclosed
      /// A start would clear the bytes from here on; none of them was ever durable.
      case torn(file: String, offset: Int)
      case damaged(LogDamage)
    }

    package var outcome: Outcome
    package var segments: Int
    /// Valid records before the end or the first damage.
    package var records: Int
    package var payloadBytes: Int
    package var last: LogPosition
    package var lastHeight: Height
    /// Where the log begins, if its first segments were pruned.
    package var pruned: PruneMark?
    /// The vote key of the validator that wrote the log, nil if the log names none.
    package var writer: PublicKey?
  }

  let storage: Storage
  let owner: LogOwner
  private var segments: [UInt32: (header: SegmentHeader, binding: UInt32)] = [:]

  package init(_ storage: Storage, owner: LogOwner) {
    self.storage = storage
    self.owner = owner
  }

  /// The record at an address. Throws `noRecord` if the writer has not written the record yet.
  package mutating func read(_ address: RecordAddress) throws(LogError) -> LogRecord {
    let segment = try segment(address)
    do throws(LogError) {
      return try RecordReading.read(address, segment.header, binding: segment.binding, from: storage)
    } catch {
      // The segment was pruned after its header had been read.
      if case .disk(let refusal) = error, refusal.cause == .missing {
        segments[address.segment] = nil
        throw .noRecord(address)
      }
      throw error
    }
  }

  /// Checks every byte and returns the findings with a cursor over the valid records.
  package func inspect() throws(LogError) -> (inspection: Inspection, records: LogCursor<Storage>) {
    let pruned = try PruneMark.read(storage, owner: owner)
    let scan = try LogScan(
      storage, headers: LogScan.headers(in: storage, owner: owner, pruned: pruned), pruned: pruned)
    let outcome: Inspection.Outcome =
      switch RecoveryTable.decide(scan.facts) {
      case .clean: .clean
      case .unclosed: .unclosed
      case .cut:
        .torn(
          file: scan.fault.map { scan.segments[$0.segment].fileName } ?? "", offset: scan.fault?.offset ?? 0)
      case .refuse(let cause): .damaged(scan.damage(cause))
      }
    let inspection = Inspection(
      outcome: outcome, segments: scan.segments.count, records: scan.records, payloadBytes: scan.payloadBytes,
      last: scan.last, lastHeight: scan.lastHeight, pruned: pruned,
      writer: pruned?.writer ?? scan.segments.lazy.compactMap(\.header.writer).first)
    return (inspection, LogCursor(storage, segments: scan.segments, from: LogPosition(1)))
  }

  private mutating func segment(
    _ address: RecordAddress
  ) throws(LogError) -> (header: SegmentHeader, binding: UInt32) {
    if let known = segments[address.segment] { return known }
    let file = SegmentHeader.fileName(address.segment)
    var buffer = [UInt8](repeating: 0, count: SegmentHeader.encodedBytes)
    do {
      guard address.segment > 0, let size = try storage.size(of: file), size >= buffer.count else {
        throw LogError.noRecord(address)
      }
      _ = try storage.read(file, at: 0, into: &buffer)
    } catch let error as DiskError {
      throw LogError(error)
    } catch {
      throw .noRecord(address)
    }
    let header: Result<SegmentHeader, SegmentHeader.Fault>
    do throws(SegmentHeader.Fault) {
      header = .success(try SegmentHeader(decoding: buffer))
    } catch { header = .failure(error) }
    var owner = owner
    let sound = try SegmentTable.check(
      SegmentFacts(number: address.segment, fileBytes: 0, header: header), number: address.segment, owner: &owner)
    let found = (header: sound, binding: sound.binding)
    segments[address.segment] = found
    return found
  }
}
