import Foundation

/// Lets a task wait for Ctrl-C or SIGTERM.
final class Interruption: @unchecked Sendable {
  // Only keeps the sources alive; nothing uses them after the initialiser.
  private let sources: [any DispatchSourceSignal]
  private let stream: AsyncStream<Void>

  init() {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.stream = stream
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
  }

  /// Returns once a signal has arrived.
  func wait() async {
    for await _ in stream { return }
  }
}
