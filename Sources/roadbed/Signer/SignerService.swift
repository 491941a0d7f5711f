import Foundation
import ServiceLifecycle
import Signers

/// Serves on a thread of its own until the process is asked to stop.
struct SignerService: Service {
  let server: SignerServer

  func run() async throws {
    let server = server
    let stop = server.stopping
    await withGracefulShutdownHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          server.run()
          continuation.resume()
        }
      }
    } onGracefulShutdown: {
      stop()
    }
  }
}
