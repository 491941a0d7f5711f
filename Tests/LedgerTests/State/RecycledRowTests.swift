import Primitives
import Testing

@testable import Ledger

/// Rows whose slots are used again for other keys once nothing can ask for them any more.
@Testing.Suite("Recycled rows")
struct RecycledRowTests {
  private struct Cell: TableRow, BitwiseCopyable {
    var key: UInt64
    /// Zero if the row is vacant.
    var value: UInt64

    static var isRecycled: Bool { true }
    var isVacant: Bool { value == 0 }
  }

  /// Ends a block in which only `body` changes the table.
  private func block(_ table: inout VersionedTable<Cell>, _ body: (inout VersionedTable<Cell>) -> Void) {
    table.beginTransaction()
    body(&table)
    table.endBlock()
  }

  private func create(_ table: inout VersionedTable<Cell>, _ key: UInt64, _ value: UInt64 = 1) -> UInt32 {
    table.create(Cell(key: key, value: value))
  }

  private func vacate(_ table: inout VersionedTable<Cell>, _ slot: UInt32) { table.change(slot) { $0.value = 0 } }

  /// A table with the rows 1 and 2 in the slots 0 and 1, of which the first is vacant, all settled.
  private func vacated() -> VersionedTable<Cell> {
    var table = VersionedTable<Cell>()
    block(&table) { table in
      _ = create(&table, 1)
      _ = create(&table, 2)
    }
    block(&table) { vacate(&$0, 0) }
    table.settle(2)
    return table
  }

  @Test("A slot is used again once the block that vacated it is settled, and its old key is gone")
  func reused() {
    var table = VersionedTable<Cell>()
    block(&table) { table in
      _ = create(&table, 1)
      _ = create(&table, 2)
    }
    block(&table) { vacate(&$0, 0) }
    // Both blocks can still be reverted; then only one.
    for settled in 0...1 {
      table.settle(settled)
      let slot = create(&table, 3 + UInt64(settled))
      #expect(slot == 2)
      table.rollBack()
    }
    let (old, found) = (table.settled(0 as UInt32)?.value, table.slot(of: 1))
    #expect(old == 1 && found == 0)
    table.settle(1)
    let slot = create(&table, 5)
    #expect(slot == 0)
    table.endBlock()
    let (gone, there, other) = (table.slot(of: 1), table.slot(of: 5), table.slot(of: 2))
    #expect(gone == nil && there == 0 && other == 1)
    let settled = table.settled(0 as UInt32)
    #expect(settled == nil)
    let changes = table.changes(ofUnsettled: 0)
    #expect(changes.map(\.slot) == [0] && changes[0].row.key == 5)
    // The old key can come back, elsewhere.
    let again = create(&table, 1)
    #expect(again == 2 && table.count == 3)
  }

  @Test("While the state is pinned no slot is used again, unless it was free before")
  func pinned() {
    var table = vacated()
    block(&table) { vacate(&$0, 1) }
    table.pin()
    table.settle(1)
    let (old, vacant) = (table.pinned(1), table.pinned(0))
    #expect(old?.key == 2 && old?.value == 1 && vacant?.value == 0)
    // Slot 0 is free, slot 1 is not.
    let slots = [create(&table, 3), create(&table, 4)]
    #expect(slots == [0, 2])
    table.endBlock()
    table.settle(1)
    let (reused, kept, added) = (table.pinned(0), table.pinned(1), table.pinned(2))
    #expect(reused == nil && kept?.key == 2 && kept?.value == 1 && added == nil)
    table.unpin()
    let slot = create(&table, 5)
    #expect(slot == 1)
  }

  @Test("A slot that an unsettled block changed is not used again, but is when that block is settled or reverted")
  func unsettled() {
    for isReverted in [false, true] {
      var table = VersionedTable<Cell>()
      block(&table) { _ = create(&$0, 1) }
      block(&table) { vacate(&$0, 0) }
      block(&table) { table in
        table.change(0) { $0.value = 7 }
        vacate(&table, 0)
      }
      table.settle(2)
      let first = create(&table, 2)
      #expect(first == 1)
      table.rollBack()
      if isReverted {
        table.revertBlock()
        // The next settled block finds it, however long that takes.
        block(&table) { _ in }
      }
      table.settle(1)
      let second = create(&table, 3)
      #expect(second == 0)
    }
  }

  @Test("The creation of a row in a used slot is reverted like any other, and the slot is free again")
  func reverted() {
    var table = vacated()
    for isBlock in [true, false, true] {
      let slot = create(&table, 3, 9)
      #expect(slot == 0)
      table.change(slot) { $0.value = 10 }
      var restored: [(slot: UInt32, key: UInt64, isGone: Bool)] = []
      if isBlock {
        table.endBlock()
        let settled = table.settled(0 as UInt32)
        #expect(settled == nil)
        table.revertBlock { restored.append(($0, $1.key, $2 == nil)) }
      } else {
        table.rollBack { restored.append(($0, $1.key, $2 == nil)) }
      }
      #expect(restored.map(\.slot) == [0] && restored[0].key == 3 && restored[0].isGone)
      let (old, new) = (table.slot(of: 1), table.slot(of: 3))
      #expect(old == nil && new == nil && table.count == 2 && table[0].isVacant)
      table.beginTransaction()
    }
    // Not twice.
    let slots = [create(&table, 3), create(&table, 4)]
    #expect(slots == [0, 2])
  }

  @Test("A row that is opened again under its key keeps its slot, also if it had been about to be freed")
  func reopened() {
    var table = VersionedTable<Cell>()
    block(&table) { _ = create(&$0, 1) }
    table.settle(1)
    table.pin()
    block(&table) { vacate(&$0, 0) }
    table.settle(1)
    // Vacant and settled, but kept for the pinned state.
    let slot = table.slot(of: 1)
    #expect(slot == 0)
    block(&table) { $0.change(0) { $0.value = 5 } }
    table.unpin()
    table.settle(1)
    let other = create(&table, 2)
    #expect(other == 1)
    let (found, value) = (table.slot(of: 1), table[0].value)
    #expect(found == 0 && value == 5)
    table.endBlock()
    block(&table) { vacate(&$0, 0) }
    table.settle(2)
    let again = create(&table, 3)
    #expect(again == 0)
  }

  @Test("A slot that was added, vacated and taken back is gone, and what is there then stays")
  func appended() {
    var table = VersionedTable<Cell>()
    block(&table) { _ = create(&$0, 1) }
    table.settle(1)
    // Slot 1 is added, vacated and opened again. Taking that back lists it as vacant, and then it is gone.
    block(&table) { _ = create(&$0, 2) }
    block(&table) { vacate(&$0, 1) }
    block(&table) { $0.change(1) { $0.value = 3 } }
    for _ in 0..<3 { table.revertBlock() }
    #expect(table.count == 1)
    block(&table) { _ = create(&$0, 4, 6) }
    table.settle(1)
    let slot = create(&table, 5)
    #expect(slot == 2 && table[1].value == 6)
    let found = table.slot(of: 4)
    #expect(found == 1)
    table.rollBack()
    // The same where nothing comes in its place.
    block(&table) { _ = create(&$0, 6) }
    block(&table) { vacate(&$0, 2) }
    block(&table) { $0.change(2) { $0.value = 3 } }
    for _ in 0..<3 { table.revertBlock() }
    block(&table) { _ in }
    table.settle(1)
    let last = create(&table, 7)
    #expect(last == 2 && table.count == 3)
  }

  // MARK: Random histories

  /// Whole copies of what the rows stand for, by key.
  private struct Model {
    var now: [UInt64: UInt64] = [:]
    /// Before each unsettled block, oldest first.
    var before: [[UInt64: UInt64]] = []
    var pinned: [UInt64: UInt64]?
    /// The next key that there never was.
    var fresh: UInt64 = 100

    var settled: [UInt64: UInt64] { before.first ?? now }
  }

  private func content(_ rows: [Cell?]) -> [UInt64: UInt64]? {
    var content: [UInt64: UInt64] = [:]
    for case .some(let row) in rows where !row.isVacant {
      // No key is in two slots.
      guard content.updateValue(row.value, forKey: row.key) == nil else { return nil }
    }
    return content
  }

  private func expectAlike(_ table: borrowing VersionedTable<Cell>, _ model: Model) {
    let slots = 0..<UInt32(table.count)
    var (now, settled, pinned): ([Cell?], [Cell?], [Cell?]) = ([], [], [])
    for slot in slots {
      now.append(table[slot])
      settled.append(table.settled(slot))
      pinned.append(table.pinned(slot))
    }
    #expect(content(now) == model.now)
    #expect(content(settled) == model.settled)
    if let expected = model.pinned { #expect(content(pinned) == expected) }
    for key in Set(model.now.keys).union(model.settled.keys) {
      let found = table.slot(of: key).map { table[$0] }
      #expect(found?.value ?? 0 == model.now[key, default: 0] && found?.key ?? key == key)
    }
    // A reader that has the settled rows by slot follows by what each block changed.
    for index in model.before.indices {
      for change in table.changes(ofUnsettled: index) {
        while settled.count <= Int(change.slot) { settled.append(nil) }
        settled[Int(change.slot)] = change.row
      }
      #expect(content(settled) == (index + 1 < model.before.count ? model.before[index + 1] : model.now))
    }
  }

  @Test(
    "Any history gives the rows that whole copies give, and slots are used again",
    arguments: [0, .max - 20, .max - 300] as [UInt32], [UInt64](1...4))
  func histories(firstNumber: UInt32, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = VersionedTable<Cell>(firstNumber: firstNumber)
    var model = Model()
    var reused = 0
    func draw(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    /// Opens, changes or ends a row.
    func change(_ table: inout VersionedTable<Cell>) {
      let open = model.now.keys.sorted()
      if !open.isEmpty, draw(5) < 3 {
        let key = open[draw(open.count)]
        guard let slot = table.slot(of: key) else {
          Issue.record("key \(key) is not found")
          return
        }
        let value = draw(3) == 0 ? UInt64(1 + draw(1000)) : 0
        table.change(slot) { $0.value = value }
        model.now[key] = value == 0 ? nil : value
        return
      }
      // One of a few keys, or one that there never was.
      let key = draw(2) == 0 ? UInt64(draw(6)) : model.fresh
      if key == model.fresh { model.fresh += 1 }
      let value = UInt64(1 + draw(1000))
      if let slot = table.slot(of: key) {
        table.change(slot) { $0.value = value }
      } else {
        let count = table.count
        if Int(table.create(Cell(key: key, value: value))) < count { reused += 1 }
      }
      model.now[key] = value
    }
    for _ in 0..<600 {
      switch draw(12) {
      case 0, 1:
        guard !model.before.isEmpty else { continue }
        table.revertBlock()
        model.now = model.before.removeLast()
      case 2, 3, 4:
        let count = draw(model.before.count + 1)
        table.settle(count)
        model.before.removeFirst(count)
      case 5:
        if model.pinned == nil {
          guard draw(2) == 0 else { continue }
          table.pin()
          model.pinned = model.settled
        } else {
          table.unpin()
          model.pinned = nil
        }
      default:
        model.before.append(model.now)
        for _ in 0..<draw(4) {
          let before = model.now
          table.beginTransaction()
          for _ in 0..<draw(5) { change(&table) }
          if draw(3) == 0 {
            table.rollBack()
            model.now = before
          }
        }
        table.endBlock()
      }
      expectAlike(table, model)
    }
    #expect(reused > 50, "\(reused)")
    #expect(table.count < 200, "\(table.count) slots for \(model.fresh) keys")
  }
}
