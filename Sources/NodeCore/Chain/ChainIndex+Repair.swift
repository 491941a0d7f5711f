package import BlockLog
internal import Ledger
package import Primitives
internal import Replica

// Which parts of the chain a damaged stretch of the log destroyed, and the records to replace them.
extension ChainIndex {
  /// Heights whose block or execution record is in the stretch.
  package func heights(lost stretch: DamagedStretch) -> [Height] {
    var heights: [Height] = []
    var next = base.next
    while let height = next, let entry = self[height] {
      if stretch.holds(entry.block) || stretch.holds(entry.execution) { heights.append(height) }
      next = height.next
    }
    return heights
  }

  /// The parts of a fetched block that the stretch destroyed.
  package func replacements(of record: FinalRecord, in stretch: DamagedStretch) -> [ReplacementRecord] {
    guard let entry = self[record.height] else { return [] }
    var records: [ReplacementRecord] = []
    if stretch.holds(entry.block) {
      records.append(ReplacementRecord(BlockEntry(record.block), height: record.height))
    }
    if stretch.holds(entry.execution) {
      records.append(ReplacementRecord(record.execution, height: record.height))
    }
    return records
  }
}

extension DamagedStretch {
  fileprivate func holds(_ address: RecordAddress) -> Bool {
    address.segment == segment.number && range.contains(Int(address.offset))
  }
}
