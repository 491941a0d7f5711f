internal import Testing

@testable internal import PeerNetwork

@Testing.Suite("Read gate")
struct ReadGateTests {
  @Test("N4: an open link reads nothing while the replica is full, and reads once when there is room again")
  func holds() {
    var gate = ReadGate()
    #expect({ gate.admit(isOpen: true, isFull: false) }())
    #expect(!gate.isHeld)
    #expect(!{ gate.admit(isOpen: true, isFull: true) }())
    #expect(!{ gate.admit(isOpen: true, isFull: true) }())
    #expect(gate.isHeld)
    #expect({ gate.release() }())
    #expect(!gate.isHeld)
    #expect(!{ gate.release() }(), "one read was held, not two")
  }

  @Test("TLS and hello continue while the replica is full")
  func handshakeIsNotHeld() {
    var gate = ReadGate()
    #expect({ gate.admit(isOpen: false, isFull: true) }())
    #expect(!{ gate.release() }())
  }
}
