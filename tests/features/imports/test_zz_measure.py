import time, asyncio
from pathlib import Path
from uuid import UUID
from app.domain.intake import ImportKind
from app.features.imports.jobs import import_file
from tests.domain.roster_packages import town, zipped
async def test_measure(world, workshop, tmp_path):
    p=Path('/work/shared/data/opportunities/chicago_summer_of_learning_2014.csv')
    for _ in range(2):
        t=time.perf_counter(); e=await import_file(workshop, world["lakeside"], ImportKind.OPPORTUNITIES, p, dry_run=False, publish=True); print("chicago", round(time.perf_counter()-t,2), e.status, e.counts['effects'])
    N=20000
    base=town()
    users=list(base["users"]); roles=list(base["roles"]); enr=list(base["enrollments"])
    for i in range(N):
        s="s-north" if i%2 else "s-river"
        users.append({"sourcedId":f"x{i}","enabledUser":"true","givenName":"A","familyName":f"B{i}","grades":"11","agentSourcedIds":f"g{i}","primaryOrgSourcedId":s})
        users.append({"sourcedId":f"g{i}","enabledUser":"true","givenName":"G","familyName":f"B{i}","email":f"g{i}@example.org"})
        roles.append({"sourcedId":f"r{i}","userSourcedId":f"x{i}","roleType":"primary","role":"student","orgSourcedId":s})
        enr.append({"sourcedId":f"e{i}","classSourcedId":"cl-home-n" if i%2 else "cl-home-r","schoolSourcedId":s,"userSourcedId":f"x{i}","role":"student","primary":"false"})
    base["users"]=users; base["roles"]=roles; base["enrollments"]=enr
    f=tmp_path/"r.zip"; f.write_bytes(zipped("bulk", base, {}, {})); print(f.stat().st_size)
    beats=[]; stop=False
    async def beat():
        while not stop:
            t=time.perf_counter(); await asyncio.sleep(0.01); beats.append(time.perf_counter()-t)
    b=asyncio.create_task(beat())
    import cProfile,pstats; pr=cProfile.Profile(); pr.enable()
    for _ in range(2):
        t=time.perf_counter(); e=await import_file(workshop, world["lakeside"], ImportKind.ROSTER, f, dry_run=False); print("roster", round(time.perf_counter()-t,2), e.status, e.fault, {k:(v['created'],v['changed'],v['unchanged'],v['ended']) for k,v in e.counts['effects'].items()}, e.rows_total)
    pr.disable(); pstats.Stats(pr).sort_stats('tottime').print_stats(25); stop=True; await b; print("longest block", max(beats))
