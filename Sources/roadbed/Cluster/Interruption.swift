import Foundation

/// Ctrl-C and SIGTERM as something that can be awaited.
final class Interruption: @unchecked Sendable {
  // Kept alive, and not used again after the initialiser.
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

  /// Returns when a signal has arrived.
  func wait() async {
    for await _ in stream { return }
  }
}
