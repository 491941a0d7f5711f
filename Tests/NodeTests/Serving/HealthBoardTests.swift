import LedgerJSON
import Primitives
import Replica
import Testing

@testable import Node

@Testing.Suite("Why a node is not well")
struct HealthBoardTests {
  @Test("C7: a node that lost its votes is not well until a view above its bar is final")
  func votingBar() {
    let board = HealthBoard()
    board.note(.listening)
    #expect(board.complaints.map(\.code) == ["node.listening"])
    board.note(.votingResumed(above: View(7)))
    #expect(board.complaints.map(\.code) == ["node.not-voting-yet"])
    board.finalized(View(7))
    #expect(board.complaints.map(\.code) == ["node.not-voting-yet"])
    board.finalized(View(8))
    #expect(board.complaints.isEmpty)
  }

  @Test("After a restart the bar of the log counts as the one that was just set")
  func restart() {
    let board = HealthBoard()
    board.awaitFinality(above: View(3))
    #expect(board.complaints.map(\.code) == ["node.not-voting-yet"])
    board.finalized(View(4))
    #expect(board.complaints.isEmpty)
  }

  @Test("A state is not being fetched any more when the blocks were faster")
  func overtaken() {
    let board = HealthBoard()
    board.note(.catchingUp(from: Height(1), to: View(9)))
    board.note(.joining(Height(8), chunks: 1, here: 0))
    #expect(board.complaints.map(\.code) == ["node.joining", "node.catching-up"])
    board.note(.caughtUp(Height(9)))
    #expect(board.complaints.isEmpty)
  }
}
