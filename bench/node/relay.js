// A relay with socket.io in its default settings: what chatapp's delivery is held against (bench/contenders/node.py).
const { createServer } = require('node:http')
const { Server } = require('socket.io')

const http = createServer()
const server = new Server(http)

server.on('connection', (socket) => {
  socket.on('join', (room, acked) => {
    socket.join(String(room))
    acked()
  })
  socket.on('message', (said) => server.to(String(said.room)).emit('message', said))
})

http.listen(0, '127.0.0.1', 4096, () => process.stdout.write(`${http.address().port}\n`))
// Whoever started it has gone.
process.stdin.on('end', () => process.exit(0)).resume()
