import Cryptography
import Ledger
import Primitives
import Testing

@Testing.Suite("RFC 6962 trees")
struct MerkleTreeTests {
  /// The eight leaves of Certificate Transparency's reference tests, and the roots over the first n of them.
  static let leaves = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
  ]
  static let roots = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ]

  static func numbered(_ count: Int, _ hash: inout HashFunction) -> [Digest] {
    (0..<count).map { MerkleTree.leaf([UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)].span.bytes, hash: &hash) }
  }

  /// The definition of RFC 6962, section 2.1, implemented literally.
  static func defined(_ leaves: ArraySlice<Digest>, _ hash: inout HashFunction) -> Digest {
    guard let first = leaves.first else { return hash.hash([]) }
    if leaves.count == 1 { return first }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let left = defined(leaves.prefix(split), &hash)
    let right = defined(leaves.dropFirst(split), &hash)
    return MerkleTree.node(left, right, hash: &hash)
  }

  @Test("The roots are those of Certificate Transparency's reference tests", arguments: 0...8)
  func reference(count: Int) throws {
    var hash = HashFunction(.p256SHA256)
    var leaves: [Digest] = []
    for text in Self.leaves.prefix(count) {
      let bytes = try #require(Hex.decode(text))
      leaves.append(MerkleTree.leaf(bytes.span.bytes, hash: &hash))
    }
    #expect(MerkleTree.root(of: leaves, hash: &hash).description == Self.roots[count])
  }

  @Test(
    "Root and paths follow the definition at every size up to 70, with either hash",
    arguments: Primitives.Suite.allCases)
  func definition(suite: Primitives.Suite) {
    var hash = HashFunction(suite)
    for size in 1...70 {
      let leaves = Self.numbered(size, &hash)
      let root = Self.defined(leaves[...], &hash)
      #expect(MerkleTree.root(of: leaves, hash: &hash) == root)
      for index in 0..<size {
        let path = MerkleTree.path(to: index, of: leaves, hash: &hash)
        let proved = MerkleTree.root(
          from: leaves[index], index: UInt64(index), size: UInt64(size), path: path, hash: &hash)
        #expect(proved == root)
      }
    }
  }

  @Test("E2: a duplicated last leaf gives another root")
  func duplicatedLeaf() {
    var hash = HashFunction(.p256SHA256)
    for size in 1...33 {
      let leaves = Self.numbered(size, &hash)
      let longer = leaves + [leaves[size - 1]]
      #expect(MerkleTree.root(of: leaves, hash: &hash) != MerkleTree.root(of: longer, hash: &hash))
    }
  }

  @Test("E3: a path proves one index of one size only; cut, longer, reordered and empty ones prove nothing")
  func forgedPaths() {
    var hash = HashFunction(.p256SHA256)
    func root(_ leaf: Digest, _ index: Int, _ size: Int, _ path: [Digest], _ hash: inout HashFunction) -> Digest? {
      MerkleTree.root(from: leaf, index: UInt64(index), size: UInt64(size), path: path, hash: &hash)
    }
    for size in 1...20 {
      let leaves = Self.numbered(size, &hash)
      let top = MerkleTree.root(of: leaves, hash: &hash)
      for index in 0..<size {
        let path = MerkleTree.path(to: index, of: leaves, hash: &hash)
        for other in 0...size + 2 where other != index {
          #expect(root(leaves[index], other, size, path, &hash) != top)
        }
        #expect(root(leaves[index], index, size, path + [top], &hash) == nil)
        guard !path.isEmpty else { continue }
        #expect(root(leaves[index], index, size, path.dropLast(), &hash) == nil)
        #expect(root(leaves[index], index, size, [], &hash) == nil)
        if path.count > 1 { #expect(root(leaves[index], index, size, path.reversed(), &hash) != top) }
        // An inner node with the rest of the path does not pass as a leaf of this tree.
        let inner = index & 1 == 0 ? MerkleTree.node(leaves[index], path[0], hash: &hash) : leaves[index]
        #expect(root(inner, index / 2, size, Array(path.dropFirst()), &hash) != top)
      }
    }
    #expect(root(.zero, 0, 0, [], &hash) == nil)
  }

  @Test("E3: the bytes of two hashes, given as a leaf, do not make the node over them")
  func nodeAsLeaf() {
    var hash = HashFunction(.p256SHA256)
    let leaves = Self.numbered(2, &hash)
    let node = MerkleTree.node(leaves[0], leaves[1], hash: &hash)
    #expect(MerkleTree.leaf((leaves[0].bytes + leaves[1].bytes).span.bytes, hash: &hash) != node)
  }
}
