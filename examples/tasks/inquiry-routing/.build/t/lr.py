import re,math,collections,random,sys
sys.path.insert(0,'.')
src=open('check.py').read().split("print(len(rows))")[0]; exec(src)
random.seed(3)
N=len(rows)
def feats(t):
    t=t.replace('\\n',' ').lower(); w=re.findall(r'\w+',t); f=collections.Counter()
    for x in w: f['w'+x]+=1
    for a,b in zip(w,w[1:]): f['b'+a+'_'+b]+=1
    s=' '+' '.join(w)+' '
    for n in (3,4,5):
        for i in range(len(s)-n+1): f['c'+s[i:i+n]]+=1
    return f
F=[feats(r[3]) for r in rows]
df=collections.Counter(k for f in F for k in f)
X=[]
for f in F:
    v={k:(1+math.log(n))*math.log(N/df[k]) for k,n in f.items() if df[k]>1}
    out={}
    for p in 'wbc':
        s=math.sqrt(sum(x*x for k,x in v.items() if k[0]==p)) or 1
        for k,x in v.items():
            if k[0]==p: out[k]=x/s
    X.append(out)
labs=sorted(set(r[0] for r in rows)); Y=[labs.index(r[0]) for r in rows]
idx=list(range(N)); random.shuffle(idx); cut=int(N*.73); tr,te=idx[:cut],idx[cut:]
W=collections.defaultdict(lambda:[0.0]*10); 
lr=.8
for ep in range(14):
    random.shuffle(tr)
    for i in tr:
        z=[0.0]*10
        for k,x in X[i].items():
            w=W[k]
            for c in range(10): z[c]+=w[c]*x
        m=max(z); e=[math.exp(a-m) for a in z]; s=sum(e)
        g=[a/s for a in e]; g[Y[i]]-=1
        for k,x in X[i].items():
            w=W[k]
            for c in range(10): w[c]-=lr*x*g[c]
    lr*=.85
res=[]
for i in te:
    z=[0.0]*10
    for k,x in X[i].items():
        if k in W:
            for c in range(10): z[c]+=W[k][c]*x
    m=max(z); e=[math.exp(a-m) for a in z]; s=sum(e)
    p=max(range(10),key=lambda c:z[c]); res.append((e[p]/s,p==Y[i],i,p))
print('acc',sum(r[1] for r in res)/len(res),'easy',sum(r[1] for r in res if not rows[r[2]][1])/sum(1 for r in res if not rows[r[2]][1]))
res.sort(reverse=True); 
for k in (.2,.3,.4,.5,.6,.7):
    n=int(len(res)*k); print(k,sum(r[1] for r in res[:n])/n)
if len(sys.argv)>1:
    for r in res:
        if not r[1]: print(round(r[0],2),rows[r[2]][0],'->',labs[r[3]],'!' if rows[r[2]][1] else '',rows[r[2]][3][:150])
