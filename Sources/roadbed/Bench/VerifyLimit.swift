import Cryptography
import Foundation
import Primitives
import Synchronization

/// Measures how many signatures per second this machine verifies on all its cores.
enum VerifyLimit {
  private static let seconds = 1.5

  static func measure(_ suite: Primitives.Suite) throws -> Double {
    let message = [UInt8](repeating: 7, count: 200)
    let key = try PrivateKey.generate(suite)
    let signature = try key.sign(message)
    let publicKey = key.publicKey
    let total = Mutex(0.0)
    DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
      var verifier = SignatureVerifier(suite)
      let start = ContinuousClock.now
      var count = 0
      var passed = 0.0
      while passed < seconds {
        for _ in 0..<100 where verifier.verify(signature, of: message, by: publicKey) { count += 1 }
        passed = (ContinuousClock.now - start) / .seconds(1)
      }
      total.withLock { $0 += Double(count) / passed }
    }
    return total.withLock { $0 }
  }
}
