import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Rows and their earlier versions")
struct VersionedTableTests {
  /// A model that keeps whole copies of the table's amounts, by slot.
  private struct Model {
    var now: [UInt64] = []
    /// The amounts before each unsettled block, oldest first.
    var before: [[UInt64]] = []
    var pinned: [UInt64]?

    var settled: [UInt64] { before.first ?? now }
  }

  private func amount(_ row: BalanceRow?) -> UInt64? { (row?.amount).map { UInt64($0.rawValue) } }

  private func expectAlike(_ table: borrowing VersionedTable<BalanceRow>, _ model: Model) {
    #expect(table.count == model.now.count)
    for slot in 0..<UInt32(table.count) {
      let index = Int(slot)
      #expect(amount(table[slot]) == model.now[index])
      #expect(amount(table.settled(slot)) == (index < model.settled.count ? model.settled[index] : nil))
      guard let pinned = model.pinned else { continue }
      #expect(amount(table.pinned(slot)) == (index < pinned.count ? pinned[index] : nil))
    }
  }

  /// Expects that what each unsettled block changed, with what it changed it to, leads to the state after it.
  private func expectChanges(_ table: borrowing VersionedTable<BalanceRow>, _ model: Model) {
    for index in model.before.indices {
      let after = index + 1 < model.before.count ? model.before[index + 1] : model.now
      var amounts = model.before[index]
      for change in table.changes(ofUnsettled: index) {
        let value = UInt64(change.row.amount.rawValue)
        if Int(change.slot) == amounts.count { amounts.append(value) } else { amounts[Int(change.slot)] = value }
      }
      #expect(amounts == after)
    }
  }

  /// Rows that were never changed have the mark 0, which becomes the number of a change again when the numbers wrap
  /// around.
  @Test(
    "Any history gives the rows that whole copies give, also where the numbers of changes begin anew",
    arguments: [0, .max - 20, .max - 300] as [UInt32], [UInt64](1...4))
  func histories(firstNumber: UInt32, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var table = VersionedTable<BalanceRow>(firstNumber: firstNumber)
    var model = Model()
    for account in 0..<10 as Range<UInt32> {
      table.load(
        BalanceRow(amount: Amount(1), account: account, asset: 0, leaf: BalanceRow.noLeaf))
      model.now.append(1)
    }
    func draw(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    for _ in 0..<400 {
      switch draw(10) {
      case 0 where !model.before.isEmpty:
        table.revertBlock()
        model.now = model.before.removeLast()
      case 1, 2:
        let count = draw(model.before.count + 1)
        table.settle(count)
        model.before.removeFirst(count)
      case 3:
        if model.pinned == nil {
          table.pin()
          model.pinned = model.settled
        } else if draw(4) == 0 {
          table.unpin()
          model.pinned = nil
        }
      default:
        model.before.append(model.now)
        for _ in 0..<draw(4) {
          let before = model.now
          table.beginTransaction()
          for _ in 0..<draw(6) {
            if draw(5) == 0 {
              table.create(
                BalanceRow(
                  amount: Amount(7), account: UInt32(model.now.count), asset: 0,
                  leaf: BalanceRow.noLeaf))
              model.now.append(7)
            } else {
              let (slot, new) = (draw(model.now.count), UInt64(draw(1000)))
              table.change(UInt32(slot)) { $0.amount = Amount(UInt128(new)) }
              model.now[slot] = new
            }
          }
          if draw(3) == 0 {
            table.rollBack()
            model.now = before
          }
        }
        table.endBlock()
      }
      expectAlike(table, model)
      expectChanges(table, model)
    }
  }
}
