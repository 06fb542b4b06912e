import time
from tests.world import World
async def test_time(world: World) -> None:
    rosa = world.as_("rosa")
    times=[]
    for n in range(60):
        t=time.perf_counter()
        r=await rosa.post("/v1/connections", json={"domain":"club","closeness":2,"frequency":2,"person":{"given_name":"A","family_name":"B","email":f"a{n}@example.org"},"employer":{"name":f"W {n}"},"note":"kind and patient"})
        times.append(time.perf_counter()-t)
        assert r.status_code==201, r.text
    times.sort()
    print("median ms", times[30]*1000, "p95", times[57]*1000)
    d = world.app.openapi()
    print(sorted(k for k in d["paths"] if any(w in k for w in ("connection","contact","consent","employer","worksite"))))
