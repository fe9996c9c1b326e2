import Foundation
import Skein
import Testing

/// Raw memory, parts of buffers, and what is done to buffers in place.
@Suite struct BytesTests {
  private let bytes = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  @Test func rawBuffers() {
    unsafe bytes.withUnsafeBytes { raw in
      #expect(unsafe Array(raw.parallel) == bytes)
      #expect(unsafe Array(raw.parallel(maximumBatch: 10).reversed()) == bytes.reversed())
      #expect(unsafe Array(raw[1000..<3000].parallel) == Array(bytes[1000..<3000]))
      #expect(unsafe UnsafeRawBufferPointer(rebasing: raw[0..<0]).parallel.count == 0)
    }
    #expect(unsafe UnsafeRawBufferPointer(start: nil, count: 0).parallel.count == 0)
    var changed = bytes
    unsafe changed.withUnsafeMutableBytes { raw in
      unsafe raw.parallel.modifyEach { $0 &+= 1 }
      unsafe raw[0..<10].parallel.modifyEach { $0 = 0 }
      #expect(unsafe raw.parallel.map { Int($0) }.sum() == bytes.dropFirst(10).reduce(0) { $0 + Int($1 &+ 1) })
    }
    #expect(changed == [UInt8](repeating: 0, count: 10) + bytes.dropFirst(10).map { $0 &+ 1 })
    let doubled = unsafe bytes.span.bytes.withParallel { Array($0.map { $0 &* 2 }) }
    #expect(doubled == bytes.map { $0 &* 2 })
  }

  @Test func partsOfBuffers() {
    var numbers = Array(0..<10_000)
    unsafe numbers.withUnsafeBufferPointer { buffer in
      #expect(unsafe Array(buffer[100..<200].parallel()) == Array(100..<200))
      #expect(unsafe (buffer[5..<5] as Slice).parallel().count == 0)
    }
    unsafe numbers.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer[100..<200].parallel(maximumBatch: 7).modifyEach { $0 = -$0 }
    }
    #expect(numbers == Array(0..<100) + (100..<200).map { -$0 } + Array(200..<10_000))
  }

  @Test func buffersInPlace() {
    struct Stop: Error, Equatable {}
    var numbers = Array(0..<1000)
    unsafe numbers.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.parallel.modifyEach(chunksOf: 30) { index, chunk in
        for place in chunk.indices { chunk[place] += 1000 * index }
      }
      unsafe buffer.parallel.modifyEach(with: (0..<1000).parallel) { (number: inout Int, place) in number -= place }
      #expect(unsafe Array(buffer) == (0..<1000).map { $0 / 30 * 1000 })
      #expect(throws: Stop()) {
        unsafe try buffer.parallel.modifyEach(with: (0..<1000).parallel) { (_: inout Int, place) throws(Stop) in
          if place == 500 { throw Stop() }
        }
      }
      #expect(throws: Stop()) {
        unsafe try buffer.parallel.modifyEach(chunksOf: 1000) { (_, _) throws(Stop) in throw Stop() }
      }
    }
  }
}
