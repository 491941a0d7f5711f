import Cryptography
import Primitives
import Testing

@testable import Ledger

@Testing.Suite("Proofs of the state map")
struct MapProofTests {
  /// The content of a map with `count` keys.
  static func content(_ count: Int, seed: UInt64) -> [Digest: Digest] {
    var generator = SeededGenerator(seed: seed)
    var content: [Digest: Digest] = [:]
    while content.count < count { content[MerkleMapTests.key(&generator)] = MerkleMapTests.value(&generator) }
    return content
  }

  /// Fills the map and returns the values at the places that its leaves name.
  static func fill(
    _ map: inout MerkleMap, _ content: [Digest: Digest], _ hash: inout HashFunction
  ) -> ShelvedValues {
    var shelf = ShelvedValues()
    map.update(content.map { shelf.change($0.key, $0.value) }, hash: &hash)
    return shelf
  }

  @Test("Presence and absence are proved for every key", arguments: [0, 1, 2, 3, 40, 150])
  func complete(count: Int) throws {
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    let content = Self.content(count, seed: UInt64(count))
    let shelf = Self.fill(&map, content, &hash)
    for (key, value) in content {
      #expect(try map.prove(key, value: shelf.value(at:)).verify(key, root: map.root, hash: &hash) == value)
    }
    var generator = SeededGenerator(seed: 77)
    for _ in 0..<200 {
      let key = MerkleMapTests.key(&generator)
      #expect(try map.prove(key, value: shelf.value(at:)).verify(key, root: map.root, hash: &hash) == content[key])
    }
  }

  @Test("E3: a proof that was truncated, extended, reordered, emptied or bent proves nothing")
  func tampered() throws {
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    let content = Self.content(60, seed: 5)
    let shelf = Self.fill(&map, content, &hash)
    let root = map.root
    for key in content.keys.sorted() {
      let proof = map.prove(key, value: shelf.value(at:))
      var broken: [MapProof] = [MapProof(leaf: nil, steps: []), MapProof(leaf: nil, steps: proof.steps)]
      broken.append(MapProof(leaf: proof.leaf, steps: []))
      broken.append(MapProof(leaf: proof.leaf, steps: proof.steps.dropLast()))
      broken.append(MapProof(leaf: proof.leaf, steps: Array(proof.steps.dropFirst())))
      broken.append(MapProof(leaf: proof.leaf, steps: proof.steps.reversed()))
      broken.append(MapProof(leaf: proof.leaf, steps: proof.steps + [MapProof.Step(bit: 255, sibling: .zero)]))
      for index in proof.steps.indices {
        var other = proof
        other.steps[index].sibling.word3 ^= 1
        broken.append(other)
        other = proof
        other.steps[index].bit ^= 1
        broken.append(other)
        other = proof
        other.steps.swapAt(index, 0)
        if index > 0 { broken.append(other) }
      }
      if let leaf = proof.leaf {
        var other = proof
        other.leaf = MapProof.Leaf(key: leaf.key, value: .zero)
        broken.append(other)
        other.leaf = MapProof.Leaf(key: Digest(leaf.key.word0, leaf.key.word1, 5, 6), value: leaf.value)
        broken.append(other)
      }
      for proof in broken {
        #expect(throws: MapProofError.self) { try proof.verify(key, root: root, hash: &hash) }
      }
    }
  }

  @Test("E3: a fork cannot be presented as a leaf, nor another key's leaf as this key's absence")
  func forkAsLeaf() throws {
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    let left = Digest(0, 0, 0, 1)
    let right = Digest(1 << 63, 0, 0, 1)
    let shelf = Self.fill(&map, [left: .zero, right: .zero], &hash)
    let root = map.root
    let proof = map.prove(left, value: shelf.value(at:))
    let sibling = try #require(proof.steps.first).sibling
    // Presents the children of the root fork as a leaf's key and value.
    let disguised = MapProof(
      leaf: MapProof.Leaf(key: map.prove(right, value: shelf.value(at:)).steps[0].sibling, value: sibling), steps: [])
    #expect(throws: MapProofError.self) { try disguised.verify(left, root: root, hash: &hash) }
    // Presents the proof of one key as proof of the other's absence.
    #expect(throws: MapProofError.otherWay(bit: 0)) { try proof.verify(right, root: root, hash: &hash) }
  }

  @Test("Proofs have one encoding")
  func encoding() throws {
    var hash = HashFunction(.p256SHA256)
    var map = MerkleMap()
    let shelf = Self.fill(&map, Self.content(30, seed: 3), &hash)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<30 {
      let proof = map.prove(MerkleMapTests.key(&generator), value: shelf.value(at:))
      var writer = Writer()
      proof.encode(into: &writer)
      let decoded = try Reader.whole(writer.bytes) { (reader) throws(CodecError) in try MapProof(from: &reader) }
      #expect(decoded == proof)
      #expect(throws: CodecError.self) {
        try Reader.whole(writer.bytes.dropLast()) { (reader) throws(CodecError) in try MapProof(from: &reader) }
      }
      #expect(throws: CodecError.self) {
        try Reader.whole(writer.bytes + [0]) { (reader) throws(CodecError) in try MapProof(from: &reader) }
      }
    }
    #expect(throws: CodecError.unknown(field: "kind of a map proof", value: 2)) {
      try Reader.whole([2]) { (reader) throws(CodecError) in try MapProof(from: &reader) }
    }
  }
}
