import Simulation
import Synchronization

/// A progress bar on the terminal while many seeds run.
final class SeedProgress: Sendable {
  private struct State {
    var done = 0
    var views: UInt64 = 0
    var broken = 0
    var drawnAt: ContinuousClock.Instant?
  }

  private static let width = 30
  /// The shortest time between two updates: terminals are slower than seeds.
  private static let pause = Duration.milliseconds(100)

  private let total: Int
  private let isShown: Bool
  private let state = Mutex(State())
  private let clock = ContinuousClock()

  init(total: Int, isShown: Bool) {
    self.total = total
    self.isShown = isShown && total > 1
  }

  func finished(_ report: Report) {
    guard isShown else { return }
    state.withLock { state in
      state.done += 1
      state.views += report.height
      if !report.isSound { state.broken += 1 }
      let now = clock.now
      if let drawnAt = state.drawnAt, now - drawnAt < Self.pause, state.done < total { return }
      state.drawnAt = now
      let filled = state.done * Self.width / total
      let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: Self.width - filled)
      let broken = state.broken == 0 ? "" : Console.styled(", \(state.broken) broken", .red)
      Console.redraw("\(bar) \(state.done) of \(total) seeds, \(state.views) finalized views\(broken)")
    }
  }

  func end() { if isShown { Console.redraw("") } }
}
