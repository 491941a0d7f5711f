internal import PeerNetwork
internal import Primitives

extension FuzzTarget {
  /// The bytes of a link before they are decoded as messages.
  static func frameTargets(_ traffic: Traffic) -> [FuzzTarget] {
    let hello = Hello(chain: traffic.chain, instance: 7, doubled: [1, 2]).bytes
    // First the bytes that say where the stream is cut, then the stream.
    let stream = [3, 200] + framed(hello) + traffic.frames.filter { $0.count < 600 }.prefix(6).flatMap(framed)
    return [
      codec("hello", byteLimit: 512, seeds: [hello]) { bytes in
        try Hello(bytes)
      } encode: { hello in
        hello.bytes
      },
      FuzzTarget("frame-decoder", seeds: [stream, [7, 7] + framed(hello)]) { (bytes) throws(BrokenPromise) in
        var input = FuzzInput(bytes)
        let cuts = [Int(input.byte()) + 1, Int(input.byte()) + 1]
        let stream = input.rest()
        for limits in [FrameLimits.greeting, FrameLimits(special: [3: 512, 5: 64]).open] {
          let whole = decode(stream, [stream.count + 1], limits)
          let cut = decode(stream, cuts, limits)
          try promise(
            whole.frames == cut.frames && whole.fault == cut.fault,
            "cut every \(cuts) bytes the stream gives \(cut), in one piece \(whole)")
          for frame in whole.frames {
            try promise(
              frame.first.map { frame.count <= limits[$0] } ?? false, "a frame of \(frame.count) bytes is let through")
          }
          let used = whole.frames.flatMap(framed)
          try promise(stream.starts(with: used), "frames are not what was in the stream")
        }
      },
    ]
  }

  private static func framed(_ frame: [UInt8]) -> [UInt8] {
    bytes { $0.longBytes(frame) }
  }

  private static func decode(
    _ stream: [UInt8], _ cuts: [Int], _ limits: FrameLimits
  ) -> (frames: [[UInt8]], fault: LinkFault?) {
    var decoder = FrameDecoder(limits: limits)
    var frames: [[UInt8]] = []
    var start = 0
    var turn = 0
    do throws(LinkFault) {
      while start < stream.count {
        let end = min(start + cuts[turn % cuts.count], stream.count)
        turn += 1
        let piece = Array(stream[start..<end])
        var offset = 0
        while let frame = try decoder.next(piece.span.bytes, at: &offset) { frames.append(frame) }
        start = end
      }
    } catch {
      return (frames, error)
    }
    return (frames, nil)
  }
}
