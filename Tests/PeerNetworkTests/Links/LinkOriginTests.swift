internal import NIOCore
internal import Primitives
internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Two links of one peer")
struct LinkOriginTests {
  private static let low = Digest(1, 0, 0, 0)
  private static let high = Digest(2, 0, 0, 0)
  private static let crossing = TimeAmount.seconds(20)

  /// A link as the side with the lower pin sees it, or the other side.
  private func origin(
    dialledByLow: Bool, seenByLow: Bool, second: UInt64, peerInstance: UInt64 = 7
  ) -> LinkOrigin {
    LinkOrigin(
      isDialled: dialledByLow == seenByLow, ownPin: seenByLow ? Self.low : Self.high,
      pin: seenByLow ? Self.high : Self.low, instance: peerInstance,
      openedAt: .uptimeNanoseconds(second * 1_000_000_000))
  }

  /// Whether, of a link and a newer one, the one that the lower pin dialled stays.
  private func staysLow(first dialledByLow: Bool, seenByLow: Bool) -> Bool {
    let first = origin(dialledByLow: dialledByLow, seenByLow: seenByLow, second: 1)
    let second = origin(dialledByLow: !dialledByLow, seenByLow: seenByLow, second: 2)
    return first.prevails(over: second, crossing: Self.crossing) == dialledByLow
  }

  @Test("Of two links that cross, both sides keep the one that the lower pin dialled, whichever they open first")
  func crossing() {
    for first in [true, false] {
      for side in [true, false] { #expect(staysLow(first: first, seenByLow: side)) }
    }
  }

  @Test("The newer link counts if the same side dialled again, another process answers, or the first link is old")
  func newer() {
    for side in [true, false] {
      let first = origin(dialledByLow: true, seenByLow: side, second: 1)
      for newer in [
        origin(dialledByLow: true, seenByLow: side, second: 2),
        origin(dialledByLow: false, seenByLow: side, second: 2, peerInstance: 8),
        origin(dialledByLow: false, seenByLow: side, second: 21),
      ] {
        #expect(!first.prevails(over: newer, crossing: Self.crossing))
      }
    }
  }
}
